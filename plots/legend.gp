# SPDX-License-Identifier: GPL-2.0-or-later
#
# Move to the strip below the panels, which holds nothing but the key.

set lmargin at screen 0.02
set rmargin at screen 0.98
set tmargin at screen legend_top
set bmargin at screen 0.001
unset label
unset title
unset xlabel
unset ylabel
unset border
unset tics
unset grid
unset logscale
set xrange [0:1]
set yrange [0:1]
if (text) {
	names = ''
	line = legend_lines
	do for [c = 1:curves] {
		name = letter[c] . ': ' . curve[c]
		if (strlen(names) > 0 && strlen(names . ', ' . name) > 72) {
			set label (20 + line) names at character 0, 3 + line
			line = line - 1
			names = ''
		}
		names = names . (strlen(names) > 0 ? ', ' : '') . name
	}
	set label 9 names at character 0, 3 + line
} else {
	set key at screen 0.5, legend_top top center horizontal \
		samplen 2.6 spacing 1.1
}

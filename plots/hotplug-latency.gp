# SPDX-License-Identifier: GPL-2.0-or-later
#
# What does it take to take a CPU offline and bring it back? One panel for each
# direction: the whole operation on top, its slowest steps below it.
#
# data: for each panel, for each curve, one data set:
#   row, ns, and for row 0, the whole, p10 and p99 of it; ? for the others
# panel[] titles, bars[]: steps of a panel, bar[]: their names, one panel's after
# the other's; low and high bound all values.

columns = 1
legend_rows = (curves + 2) / 2
log_y = 0
left_extra = form eq 'txt' ? 14 : 120
load 'style.gp'

set logscale x
set xrange [axis_low(low) : axis_high(high)]
set grid xtics noytics
unset key
curve_set(p, c) = (p - 1) * curves + c - 1
place_colour(c) = word('#0072b2 #d55e00 #009e73 #cc79a7 #e69f00 #56b4e9 ' . \
	'#000000 #777777', (c - 1) % 8 + 1)
# Curves of a row, one under the other.
row_of(row, c) = row + (c - 0.5 - curves / 2.0) * 0.7 / curves

set multiplot
first = 0
do for [p = 1:panels] {
	load 'panel.gp'
	set xtics ()
	do for [d = 0:11] {
		set xtics add (time_text(10.0 ** d) 10.0 ** d)
		do for [m = 2:9] { set xtics add ('' m * 10.0 ** d 1) }
	}
	set yrange [bars[p] + 0.5 : -0.5]
	set ytics ('whole' 0) scale 0
	do for [b = 1:bars[p]] {
		set ytics add (substr(bar[first + b], 1, text ? 21 : 24) b)
	}
	first = first + bars[p]
	if (text) {
		plot for [c = 1:curves] data index curve_set(p, c) \
			using 2:(row_of($1, c)) with points pointtype letter[c]
	} else {
		plot for [c = 1:curves] data index curve_set(p, c) \
				using 3:(row_of($1, c)):($4 - $3):(0) \
				with vectors nohead linewidth 1.5 \
				linecolor rgb place_colour(c), \
			for [c = 1:curves] data index curve_set(p, c) \
				using 2:(row_of($1, c)) with points \
				pointtype shape(c) pointsize 1 \
				linecolor rgb place_colour(c)
	}
}

load 'legend.gp'
if (text) {
	set label 10 'whole: median over blocks; steps: mean' at character 0, 3
	plot -1
} else {
	plot for [c = 1:curves] -1 with points pointtype shape(c) pointsize 1 \
			linecolor rgb place_colour(c) title curve[c], \
		-1 with lines linewidth 1.5 linecolor rgb grey \
			title 'whole: p10 to p99, medians; steps: mean'
}
unset multiplot

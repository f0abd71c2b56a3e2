# SPDX-License-Identifier: GPL-2.0-or-later
#
# Move to panel p of the grid: margins, title, and the decades of a logarithmic
# y axis, named in the first column only. The page's labels are drawn once.

set lmargin at screen panel_left(p)
set rmargin at screen panel_right(p)
set tmargin at screen panel_top(p)
set bmargin at screen panel_bottom(p)
set title panel[p]
unset xlabel
unset ylabel
if (p == 2) { unset label }
if (log_y) {
	set ytics ()
	do for [d = 0:11] {
		do for [m = 1:9] {
			at = m * 10.0 ** d
			named = m == 1 || is_named(m, axis_low(low), axis_high(high))
			show = named && panel_column(p) == 0
			if (named || !text) {
				level = named ? 0 : 1
				set ytics add ((show ? time_text(at) : '') \
					at level)
			}
		}
	}
}

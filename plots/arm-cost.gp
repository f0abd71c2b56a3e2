# SPDX-License-Identifier: GPL-2.0-or-later
#
# What does it cost the host to keep the target quiet? One panel for each
# scenario, one pair of bars for each of its arms.
#
# data: one data set for each panel, one row for each arm:
#   number, mask p50 p10 p90, unmask p50 p10 p90; medians over executions
# panel[] titles, bars[]: arms of a panel, bar[]: their names, one panel's after
# the other's; high bounds all values.

columns = 2
legend_rows = 1
log_y = 0
curves = 0
load 'style.gp'

mask_colour = '#0072b2'
unmask_colour = '#e69f00'
set grid noxtics
set style fill solid 0.85 noborder
set boxwidth 0.34
if (text) {
	set style arrow 1 nohead
} else {
	set style arrow 1 heads size screen 0.005, 90 linecolor rgb 'black'
}
unset key

unit = high < 2e3 ? 1.0 : high < 2e6 ? 1e3 : 1e6
unit_name = high < 2e3 ? 'ns' : high < 2e6 ? 'us' : 'ms'
number(ns) = sprintf(ns / unit < 99.95 && unit > 1 ? \
	(ns / unit < 9.995 ? '%.2f' : '%.1f') : '%.0f', ns / unit)
set yrange [0 : 1.18 * high / unit]

set multiplot
first = 0
do for [p = 1:panels] {
	load 'panel.gp'
	set xrange [0.4 : bars[p] + 0.6]
	set xtics () scale 0
	do for [b = 1:bars[p]] { set xtics add (bar[first + b] b) }
	first = first + bars[p]
	if (panel_column(p) == 0) {
		set ylabel (text ? '' : 'time in the host, ' . unit_name)
	}
	plot data index p - 1 using ($1 - 0.18):($2 / unit) with boxes \
			linecolor rgb mask_colour, \
		'' index p - 1 using ($1 + 0.18):($5 / unit) with boxes \
			linecolor rgb unmask_colour, \
		'' index p - 1 using ($1 - 0.18):($3 / unit):(0):\
			(($4 - $3) / unit) with vectors arrowstyle 1, \
		'' index p - 1 using ($1 + 0.18):($6 / unit):(0):\
			(($7 - $6) / unit) with vectors arrowstyle 1, \
		'' index p - 1 using ($1 - 0.18):($4 / unit):(number($2)) \
			with labels offset 0, 0.7, \
		'' index p - 1 using ($1 + 0.18):($7 / unit):(number($5)) \
			with labels offset 0, 0.7
}

load 'legend.gp'
if (text) {
	set label 10 '*: mask, left; #: unmask, right; in ' . unit_name . \
		'; the line in a bar: p10 to p90' at character 0, 3
	plot -1
} else {
	plot -1 with boxes linecolor rgb mask_colour title 'mask', \
		-1 with boxes linecolor rgb unmask_colour title 'unmask', \
		-1 with lines linecolor rgb 'black' title 'p10 to p90'
}
unset multiplot

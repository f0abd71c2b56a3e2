# SPDX-License-Identifier: GPL-2.0-or-later
#
# How late, and how often? One panel for each function at the shortest and the
# longest service time: latency against the percentile, whose axis gives each
# further nine the same room.
#
# data: for each panel, for each curve, one data set:
#   1/(1-percentile), median over blocks, lowest block, highest block
# panel[] titles; functions measured, most_nines: where the x axis ends; low and
# high bound all values.

columns = functions < 3 ? functions : 3
legend_rows = 2
log_y = 1
load 'style.gp'

set logscale xy
set xrange [1 : 1.25 * most_nines]
set yrange [axis_low(low) : axis_high(high)]
# A tic's label is a format: two for one.
set xtics ('50%%' 2, '90%%' 10, '99%%' 100, '99.9%%' 1e3, '99.99%%' 1e4, \
	'99.999%%' 1e5)
unset key
curve_set(p, c) = (p - 1) * curves + c - 1

x_of(nines, c) = nines * beside(c, log10(1.25 * most_nines))

set multiplot
do for [p = 1:panels] {
	load 'panel.gp'
	if (panel_is_lowest(p)) { set xlabel 'percentile, last: maximum' }
	if (panel_column(p) == 0 && !text) { set ylabel 'latency' offset 1.5, 0 }
	if (text) {
		plot for [c = 1:curves] data index curve_set(p, c) \
			using (x_of($1, c)):2 with points pointtype letter[c]
	} else {
		plot for [c = 1:curves] data index curve_set(p, c) \
				using 1:3:4 with filledcurves \
				fillstyle transparent solid 0.15 noborder \
				linecolor rgb colour(arm[c]), \
			for [c = 1:curves] data index curve_set(p, c) \
				using 1:2 with linespoints \
				linewidth 0.8 * line_width(c) \
				pointtype shape(c) \
				pointsize 0.8 * point_size(c) \
				linecolor rgb colour(arm[c])
	}
}

load 'legend.gp'
if (text) {
	set label 10 'medians over blocks; the last letter is the maximum' \
		at character 0, 3
	plot -1
} else {
	plot for [c = 1:curves] -1 with linespoints \
			linewidth line_width(c) \
			pointtype shape(c) pointsize point_size(c) \
			linecolor rgb colour(arm[c]) title curve[c], \
		-1 with lines linewidth 2 linecolor rgb grey \
			title 'median over blocks', \
		-1 with filledcurves y1=-2 fillstyle transparent solid 0.3 \
			noborder linecolor rgb grey \
			title 'lowest to highest block'
}
unset multiplot

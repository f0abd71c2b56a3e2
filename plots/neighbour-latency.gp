# SPDX-License-Identifier: GPL-2.0-or-later
#
# Does a neighbour's interrupt wait for the target's guest? One panel for each
# neighbour: its assert-to-entry against the target's service time.
#
# Of a live neighbour it is what its workload says: measure[] names it.
#
# data: for each panel, for each curve, two data sets:
#   service p10 p50 p90 p99, each the median over blocks
#   service p50 of one block
# panel[] titles, and tail[]: whether a panel's p99 is drawn. low and high bound
# all values, service_low and service_high the x axis.

columns = 2
legend_rows = 3
log_y = 1
load 'style.gp'

set logscale xy
set xrange [service_low / 1.4 : service_high * 1.4]
set yrange [axis_low(low) : axis_high(high)]
set samples 57
do for [d = 0:11] {
	set xtics add (time_text(10.0 ** d) 10.0 ** d)
	do for [m = 2:9] { set xtics add ('' m * 10.0 ** d 1) }
}
if (service_high >= 3 * decade(service_high)) {
	set xtics add (time_text(service_high) service_high)
}
unset key

summary(p, c) = 2 * ((p - 1) * curves + c - 1)
blocks(p, c) = summary(p, c) + 1

x_of(service, c) = service * beside(c, log10(2 * service_high / service_low))

set multiplot
do for [p = 1:panels] {
	load 'panel.gp'
	if (panel_is_lowest(p)) { set xlabel 'service time of the target' }
	if (panel_column(p) == 0 && !text) {
		set ylabel measure[p] offset 1.5, 0
	}
	if (text) {
		plot x with points pointtype '.', \
			for [c = 1:curves] data index summary(p, c) \
				using (x_of($1, c)):(tail[p] ? $5 : NaN) \
				with points pointtype upper[c], \
			for [c = 1:curves] data index summary(p, c) \
				using (x_of($1, c)):3 \
				with points pointtype letter[c]
	} else {
		plot for [c = 1:curves] data index summary(p, c) using 1:2:4 \
				with filledcurves fillstyle transparent \
				solid 0.15 noborder \
				linecolor rgb colour(arm[c]), \
			x with lines dashtype '_ ' linewidth 1.4 \
				linecolor rgb grey, \
			for [c = 1:curves] data index summary(p, c) \
				using 1:(tail[p] ? $5 : NaN) with linespoints \
				linewidth 0.45 * line_width(c) \
				pointtype shape(c) \
				pointsize 0.6 * point_size(c) \
				linecolor rgb colour(arm[c]), \
			for [c = 1:curves] data index blocks(p, c) using 1:2 \
				with points pointtype 7 pointsize 0.3 \
				linecolor rgb colour(arm[c]), \
			for [c = 1:curves] data index summary(p, c) \
				using 1:3 with linespoints \
				linewidth line_width(c) \
				pointtype shape(c) pointsize point_size(c) \
				linecolor rgb colour(arm[c])
	}
}

load 'legend.gp'
if (text) {
	set label 10 'lower case: median; upper case: p99' . \
		'; .: the service time itself' at character 0, 3
	plot -1
} else {
	plot for [c = 1:curves] -1 with linespoints \
			linewidth line_width(c) \
			pointtype shape(c) pointsize point_size(c) \
			linecolor rgb colour(arm[c]) title curve[c], \
		-1 with lines dashtype '_ ' linewidth 1.4 linecolor rgb grey \
			title 'the service time itself', \
		-1 with linespoints linewidth 3 pointtype 7 pointsize 1 \
			linecolor rgb grey title 'median, over blocks', \
		-1 with linespoints linewidth 1.4 pointtype 7 pointsize 0.6 \
			linecolor rgb grey title 'p99, over blocks', \
		-1 with filledcurves y1=-2 fillstyle transparent solid 0.3 \
			noborder linecolor rgb grey title 'p10 to p90', \
		-1 with points pointtype 7 pointsize 0.3 linecolor rgb grey \
			title 'median of one block'
}
unset multiplot

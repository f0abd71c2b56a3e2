# SPDX-License-Identifier: GPL-2.0-or-later
#
# What do handlers wait for while CPUs come and go? One panel for each curve's
# first block: operations, handlers' lateness and memory stalls over time.
#
# data: for each panel
#   offline: s, ns it took, s it took; online: the same
#   pressure: s, % of the time in which some task waited
#   for each function (curve[]): s, mean ns, highest ns of the windows
# panel[] titles; longest: s of flood; window_ms; low and high bound all ns.

columns = 1
legend_rows = (curves + 3) / 2
log_y = 1
right_extra = form eq 'txt' ? 4 : 40
load 'style.gp'

sets = 3 + curves
at_set(p, k) = (p - 1) * sets + k
offline_colour = '#d55e00'
online_colour = '#0072b2'
stall_colour = '#bbbbbb'
function_colour(c) = word('#009e73 #cc79a7 #e69f00 #56b4e9 #000000 #777777', \
	(c - 1) % 6 + 1)

set logscale y
set xrange [0 : longest]
set yrange [axis_low(low) : axis_high(high)]
set y2range [0 : 100]
set y2tics ('0 %%' 0, '50 %%' 50, '100 %%' 100) scale 0
set style arrow 1 nohead linewidth 4 linecolor rgb offline_colour
set style arrow 2 nohead linewidth 4 linecolor rgb online_colour
unset key

set multiplot
do for [p = 1:panels] {
	load 'panel.gp'
	set xtics autofreq
	if (panel_is_lowest(p)) { set xlabel 's since the flood began' }
	if (text) {
		plot data index at_set(p, 2) using 1:2 axes x1y2 \
				with points pointtype '%', \
			for [c = 1:curves] data index at_set(p, 2 + c) \
				using 1:3 with points pointtype upper[c], \
			for [c = 1:curves] data index at_set(p, 2 + c) \
				using 1:2 with points pointtype letter[c], \
			data index at_set(p, 0) using ($1 + $3 / 2):2 \
				with points pointtype '-', \
			data index at_set(p, 1) using ($1 + $3 / 2):2 \
				with points pointtype '+'
	} else {
		set ylabel 'latency, or time it took' offset 1.5, 0
		plot data index at_set(p, 2) using 1:2 axes x1y2 \
				with filledcurves y1=0 fillstyle solid 0.35 \
				noborder linecolor rgb stall_colour, \
			for [c = 1:curves] data index at_set(p, 2 + c) \
				using 1:3 with points pointtype shape(c) \
				pointsize 0.45 \
				linecolor rgb function_colour(c), \
			for [c = 1:curves] data index at_set(p, 2 + c) \
				using 1:2 with lines linewidth 1.4 \
				linecolor rgb function_colour(c), \
			data index at_set(p, 0) using 1:2:3:(0) \
				with vectors arrowstyle 1, \
			data index at_set(p, 1) using 1:2:3:(0) \
				with vectors arrowstyle 2
	}
}

unset y2tics
load 'legend.gp'
if (text) {
	set label 10 sprintf('in %d ms: a: mean, A: highest; -: offline, ' . \
		'+: online, %%: stalled', int(window_ms)) \
		at character 0, 3
	plot -1
} else {
	plot for [c = 1:curves] -1 with linespoints linewidth 1.4 \
			pointtype shape(c) pointsize 0.6 \
			linecolor rgb function_colour(c) \
			title curve[c] . ': mean, highest of ' . \
			sprintf('%d ms', int(window_ms)), \
		-1 with lines linewidth 4 linecolor rgb offline_colour \
			title 'CPU going offline', \
		-1 with lines linewidth 4 linecolor rgb online_colour \
			title 'coming online', \
		-1 with filledcurves y1=-2 fillstyle solid 0.35 noborder \
			linecolor rgb stall_colour \
			title 'memory: time stalled, right axis'
}
unset multiplot

# SPDX-License-Identifier: GPL-2.0-or-later
#
# How many times did a CPU go and come, nothing being lost? One panel for each
# scenario, one bar for each of its arms.
#
# data: one data set for each panel, one row for each arm:
#   number, cycles of executions that passed, of those that failed, asserts
# panel[] titles, bars[]: arms of a panel, bar[]: their names, one panel's after
# the other's; high bounds all values.

columns = 2
legend_rows = 1
log_y = 0
curves = 0
load 'style.gp'

clean_colour = '#009e73'
failed_colour = '#d55e00'
set grid noxtics
set style fill solid 0.85 noborder
set boxwidth 0.5
set yrange [0 : 1.2 * high]
unset key

set multiplot
first = 0
do for [p = 1:panels] {
	load 'panel.gp'
	set xrange [0.4 : bars[p] + 0.6]
	set xtics () scale 0
	do for [b = 1:bars[p]] { set xtics add (bar[first + b] b) }
	first = first + bars[p]
	set ytics autofreq
	if (panel_column(p) == 0) { set ylabel (text ? '' : 'cycles') }
	plot data index p - 1 using 1:($2 + $3) with boxes \
			linecolor rgb failed_colour, \
		'' index p - 1 using 1:2 with boxes linecolor rgb clean_colour, \
		'' index p - 1 using 1:($2 + $3):(sprintf('%d of %d', $2, \
			$2 + $3)) with labels offset 0, text ? 1 : 1.6, \
		'' index p - 1 using 1:($2 + $3):(sprintf('%d asserts', $4)) \
			with labels offset 0, text ? 2 : 0.6
}

load 'legend.gp'
if (text) {
	set label 10 'loss-free cycles of all cycles, of executions that passed' \
		at character 0, 3
	plot -1
} else {
	plot -1 with boxes linecolor rgb clean_colour \
			title 'executions that passed', \
		-1 with boxes linecolor rgb failed_colour \
			title 'executions with a failure'
}
unset multiplot

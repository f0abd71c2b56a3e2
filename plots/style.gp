# SPDX-License-Identifier: GPL-2.0-or-later
#
# What the figures have in common: terminal, palette, panel grid, time axes.
# From bench/figure_draw.c: form ('svg', 'png', 'txt'), title, subtitle, run,
# where, how, failed, panels. From the figure: columns, legend_rows, and where it
# needs more room beside its panels, left_extra and right_extra.
#
# Panels are placed in a grid of pixels, or of characters for 'txt', which has
# one column of panels whatever was asked for: 72 characters hold no two.

text = form eq 'txt'
if (!exists('left_extra')) { left_extra = 0 }
if (!exists('right_extra')) { right_extra = 0 }

# The key of a text: as many lines as its names take.
legend_lines = 1
used = 0
do for [c = 1:curves] {
	long = strlen(letter[c] . ': ' . curve[c] . ', ')
	if (used > 0 && used + long > 74) {
		legend_lines = legend_lines + 1
		used = 0
	}
	used = used + long
}

if (text) {
	grid_columns = 1
	width = 72; left = 9 + left_extra; right = 2 + right_extra; gap_x = 0
	top = 4; cell = panels < 4 ? 20 : 15; gap_y = 4; below = 2; bottom = 5 + legend_lines
} else {
	grid_columns = panels < columns ? panels : columns
	width = 900; left = 92 + left_extra; right = 24 + right_extra; gap_x = 26
	top = 100; gap_y = 72; below = 58; bottom = 38 + 23 * legend_rows
}
grid_rows = (panels + grid_columns - 1) / grid_columns
if (!text) {
	cell = grid_rows == 1 ? 600 - top - below - bottom + gap_y : 290
}
height = top + grid_rows * cell - gap_y + below + bottom

cell_x = (width - left - right + gap_x) / real(grid_columns)
panel_column(i) = (i - 1) % grid_columns
panel_row(i) = (i - 1) / grid_columns
panel_left(i) = (left + panel_column(i) * cell_x) / width
panel_right(i) = panel_left(i) + (cell_x - gap_x) / width
panel_top(i) = 1 - real(top + panel_row(i) * cell) / height
panel_bottom(i) = panel_top(i) - real(cell - gap_y) / height
legend_top = real(bottom) / height

if (form eq 'svg') {
	small = ',12'; large = ',19'
	set terminal svg size width, height noenhanced background 'white' \
		font 'DejaVu Sans,Arial,Helvetica,sans-serif,13'
}
if (form eq 'png') {
	small = ',9.5'; large = ',15'
	set terminal pngcairo size width, height noenhanced \
		background 'white' font 'DejaVu Sans,10.5'
}
if (text) {
	set terminal dumb nofeed noenhanced mono size width, height
}

# Okabe and Ito, "Color Universal Design": told apart by every kind of eye.
colour(arm) = \
	arm eq 'pci23' ? '#0072b2' : \
	arm eq 'line' ? '#d55e00' : \
	arm eq 'line-unlazy' ? '#e69f00' : \
	arm eq 'oneshot' ? '#009e73' : \
	arm eq 'adaptive' ? '#cc79a7' : \
	arm eq 'posted-v1' ? '#000000' : \
	arm eq 'msi' ? '#56b4e9' : '#777777'
# Curves that coincide are seen by their width: the first is the widest.
line_width(curve) = curve < 4 ? 4.2 - 0.8 * curve : 1.2
point_size(curve) = curve < 4 ? 1.3 - 0.2 * curve : 0.6
# Filled and open shapes, so that grey prints can be read too.
shape(curve) = int(word('7 5 9 13 6 4 8 12', (curve - 1) % 8 + 1))
panel_is_lowest(p) = p + grid_columns > panels
grey = '#666666'

time_text(ns) = ns < 1e3 ? sprintf('%g ns', ns) : \
	ns < 1e6 ? sprintf('%g us', ns / 1e3) : \
	ns < 1e9 ? sprintf('%g ms', ns / 1e6) : sprintf('%g s', ns / 1e9)
# Ends of an axis at 1, 2 or 5 of a decade, a little further so that the tic
# there is drawn in spite of rounding.
decade(ns) = 10.0 ** floor(log10(ns) + 1e-9)
axis_low(ns) = (ns >= 4.999 * decade(ns) ? 5 : \
	ns >= 1.999 * decade(ns) ? 2 : 1) \
	* decade(ns) * 0.999
axis_high(ns) = (ns <= 1.001 * decade(ns) ? 1 : ns <= 2.001 * decade(ns) ? 2 : \
	ns <= 5.001 * decade(ns) ? 5 : 10) * decade(ns) * 1.001
# Steps within a decade that have a name, where the axis has few decades.
is_named(m, from, to) = to < 40 * from && (m == 2 || m == 5)

set datafile missing '?'
set border 3 linecolor rgb '#444444'
set tics nomirror
set xtics ()
set ytics ()
# In text, curves stand beside each other, not on each other: column of 61.
beside(c, decades) = 10 ** ((c - 0.5 - curves / 2.0) * decades / 61)
if (!text) {
	set tics textcolor rgb '#222222'
	set grid xtics ytics linecolor rgb '#dddddd' linetype 1 linewidth 0.6
	set label 1 title at screen 0.5, 1 - 24.0 / height center font large
	set label 2 subtitle at screen 0.5, 1 - 48.0 / height center \
		textcolor rgb grey
	long = strlen(run . where . how) > 125
	set label 3 run . (long ? "\n" : ' | ') . where . ', ' . how \
		at screen 0.5, (long ? 28.0 : 20.0) / height center font small \
		textcolor rgb grey
	set label 4 failed at screen 0.5, (long ? 44.0 : 37.0) / height \
		center font small textcolor rgb '#b00000'
} else {
	set label 1 title at character 0, height - 1
	set label 2 subtitle at character 0, height - 2
	set label 3 where at character 0, 2
	set label 4 how . (failed eq '' ? '' : '; ' . failed) at character 0, 1
	set label 5 run at character 0, 0
}

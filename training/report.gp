# The pictures of the model card, from the points that `report` wrote:
#
#     gnuplot -e "from='build/report'; to='models'" training/report.gp
#
set terminal svg size 760,420 font 'sans-serif,12' background 'white'
set grid lc rgb '#dddddd'
set key outside right top samplen 2 autotitle columnheader
set border 3
set tics nomirror out

# Precision and recall on files never trained on, a block of points each.
set xrange [0:1]
set yrange [0:1]
set xlabel 'recall'
set ylabel 'precision'
do for [head in 'spam abuse'] {
    points = from.'/curve_'.head.'.dat'
    stats points nooutput
    set title head.': precision and recall on unseen files'
    set output to.'/precision_recall_'.head.'.svg'
    plot for [i = 0:STATS_blocks - 2] points index i using 1:2 \
        with lines lw 1.5 dt 1 + i / 8 title columnheader(1)
}

unset key
set key outside right top samplen 2 noautotitle
set title 'Reliability on the same files: said and true'
set xlabel 'probability said'
set ylabel 'share that was'
set output to.'/reliability.svg'
set arrow 1 from 0, 0 to 1, 1 nohead dt 2 lc rgb '#888888'
plot from.'/reliability_spam.dat' with linespoints pt 7 ps 0.6 title 'spam', \
    from.'/reliability_abuse.dat' with linespoints pt 7 ps 0.6 title 'abuse'
unset arrow 1

set title 'Spam of a source left out that is found at 1 % false positives'
set style data histograms
set style histogram clustered gap 1
set style fill solid 0.8 noborder
set xrange [*:*]
set xlabel ''
set ylabel 'recall'
set xtics norotate font ',10'
set output to.'/recall.svg'
plot from.'/recall.dat' using 2:xtic(1) title 'A: unseen blog', \
    '' using 3 title 'B: unseen news'

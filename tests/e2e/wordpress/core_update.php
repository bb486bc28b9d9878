<?php
/*
 * Print the comments as dump.sh --no-status does, each as WordPress itself
 * would store it again if somebody changed nothing about it.
 *
 *   php core_update.php DIR
 *
 * An update over REST runs the stored row through the filters for new
 * comments: markup that an import or a plugin brought is cut down to what a
 * visitor may write, and & becomes &amp;. Nobody outside can prevent that, so
 * a test has to know it. All is rolled back: the site stays as it was.
 */
require __DIR__ . '/site.php';

act_as('moderator');
wp_suspend_cache_addition(true);
$wpdb->query('START TRANSACTION');
$ids = $wpdb->get_col("SELECT comment_ID FROM $wpdb->comments");
foreach ($ids as $id)
    if (is_wp_error(wp_update_comment(['comment_ID' => $id], true)))
        fail("comment $id: not updated");
$rows = $wpdb->get_results("SELECT * FROM $wpdb->comments ORDER BY comment_ID",
                           ARRAY_A);
$wpdb->query('ROLLBACK');

foreach ($rows as $row) {
    unset($row['comment_approved']);
    $cell = array_map(
        fn($text) => strtr($text, ["\\" => '\\\\', "\t" => '\t', "\n" => '\n',
                                   "\0" => '\0']),
        $row);
    echo implode("\t", $cell), "\n";
}

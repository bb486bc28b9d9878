<?php
/*
 * Change comments' status as a person would, behind the filter's back.
 *
 *   php set_status.php DIR hold|approve|spam|trash ID...
 *
 * These are the calls behind the buttons of the moderation page, made as
 * `moderator`; the site's plugins see them.
 */
require __DIR__ . '/site.php';

if ($argc < 4)
    fail('usage: php set_status.php DIR hold|approve|spam|trash ID...');

const SET = [
    'spam' => 'wp_spam_comment',
    'trash' => 'wp_trash_comment',
    'hold' => 'wp_set_comment_status',
    'approve' => 'wp_set_comment_status',
];
$set = SET[$argv[2]] ?? fail("no status $argv[2]");

act_as('moderator');
foreach (array_slice($argv, 3) as $id) {
    if (!get_comment((int) $id))
        fail("no comment $id");
    if (!$set((int) $id, $argv[2]))
        fail("comment $id: not changed; is it $argv[2] already?");
}

<?php
/*
 * The plugin's side of a test site.
 *
 *   php wordpress.php DIR set-up KEY     activate the plugin; prints a post's
 *                                        number
 *   php wordpress.php DIR option NAME VALUE
 *   php wordpress.php DIR verify KEY     what the plugin hears of a key
 *   php wordpress.php DIR account KEY    and what its settings page shows
 *   php wordpress.php DIR show ID        a comment's status, and what the
 *                                        plugin noted of it
 *   php wordpress.php DIR recheck        what its clock does after a failure
 */
require dirname(__DIR__) . '/wordpress/site.php';

function set_up(string $key): void
{
    update_option('active_plugins', ['akismet/akismet.php']);
    update_option('wordpress_api_key', $key);
    update_option('akismet_strictness', '0');
    update_option('comment_moderation', '0');
    update_option('comment_max_links', '9');
    update_option('require_name_email', '1');
    $post = wp_insert_post([
        'post_title' => 'On bread', 'post_status' => 'publish',
        'post_content' => 'How I bake it with rye flour and a cold dough.',
    ]);
    echo "$post\n";
}

function account(string $key): void
{
    require_once WP_PLUGIN_DIR . '/akismet/class.akismet-admin.php';
    $user = Akismet_Admin::get_akismet_user($key);
    $stats = Akismet_Admin::get_stats($key)['all'];

    printf("%s %s, %d spam of %d\n", $user->account_name, $user->status,
           $stats->spam, $stats->spam + $stats->ham);
}

function show(int $id): void
{
    $comment = get_comment($id);

    if (!$comment)
        fail("no comment $id");
    printf("%s %s\n", $comment->comment_approved,
           get_comment_meta($id, 'akismet_result', true)
               ?: (get_comment_meta($id, 'akismet_error', true) ? 'error'
                                                               : 'nothing'));
}

match ($argv[2] ?? '') {
    'set-up' => set_up($argv[3]),
    'option' => update_option($argv[3], $argv[4]),
    'verify' => print(Akismet::verify_key($argv[3]) . "\n"),
    'account' => account($argv[3]),
    'show' => show((int) $argv[3]),
    'recheck' => Akismet::cron_recheck(),
    default => fail('set-up, option, verify, account, show or recheck'),
};

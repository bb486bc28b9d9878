<?php
/*
 * The companion from its activation to its uninstallation, in one PHP process.
 *
 *   php companion_life.php DIR
 *
 * For a site whose companion is installed as a plugin. Says, a line each, what
 * came of it: "PHP: " and its version, then what companion_life.expected has.
 * What PHP complains about in the companion is a line too. Afterwards the site
 * is as before.
 */
const PLUGIN = 'sluice/sluice.php';
const TOLD = ['spam_comment', 'spammed_comment', 'unspam_comment',
              'unspammed_comment', 'wp_set_comment_status',
              'comment_unapproved_to_approved', 'comment_unapproved_to_spam',
              'comment_spam_to_approved'];

/* As in wp-admin, where lists and settings are shown. */
define('WP_ADMIN', true);
require __DIR__ . '/site.php';
require_once ABSPATH . 'wp-admin/includes/admin.php';

/* Old WordPress on new PHP has much to say of itself; that is not our test. */
set_error_handler(function (int $nr, string $text, string $file) {
    if (strpos($file, 'sluice.php') === false)
        return false;
    say('PHP complains', $text);
    return true;
}, E_ALL);

function say(string $what, $how): void
{
    echo $what, ': ', is_string($how) ? $how : json_encode($how), "\n";
}

/* The answer's data; its status goes first if it is no success. */
function ask(string $method, string $route, array $params)
{
    $request = new WP_REST_Request($method, "/sluice/v1/$route");
    if ($method === 'POST') {
        $request->set_header('Content-Type', 'application/json');
        $request->set_body(json_encode($params));
    } else {
        $request->set_query_params($params);
    }
    $answer = rest_do_request($request);
    return $answer->is_error() ? $answer->get_status() : $answer->get_data();
}

function verdicts(array $list): array
{
    return array_map(fn($r) => "$r[result] $r[status]",
                     ask('POST', 'verdicts', ['verdicts' => $list])['results']);
}

function comment_add(int $post, string $text): int
{
    return wp_insert_comment(wp_slash([
        'comment_post_ID' => $post,
        'comment_author' => "Zo\u{eb} \\ \"O'Neil\"",
        'comment_author_email' => 'zoe@example.com',
        'comment_author_IP' => '192.0.2.7',
        'comment_content' => $text,
        'comment_approved' => 0,
    ]));
}

/* Rows as they are, but for the status. */
function rows(array $ids): array
{
    global $wpdb;

    return array_map(function ($row) {
        unset($row['comment_approved']);
        return $row;
    }, $wpdb->get_results("SELECT * FROM $wpdb->comments WHERE comment_ID IN ("
                          . implode(',', $ids) . ')', ARRAY_A));
}

/* What others are told, in order. */
function listen(array &$told): void
{
    foreach (TOLD as $hook)
        add_action($hook, function () use ($hook, &$told) {
            $told[] = $hook;
        });
}

function shown(callable $show): string
{
    ob_start();
    $show();
    return trim(preg_replace('/\s+/', ' ', strip_tags(ob_get_clean())));
}

function outbox(): array
{
    global $wpdb;

    return $wpdb->get_col("SELECT CONCAT(type, ' ',
        JSON_VALUE(body, '$.data.status')) FROM {$wpdb->prefix}sluice_outbox
        ORDER BY id");
}

/* Whatever in the database has our name. */
function left(): array
{
    global $wpdb;

    return array_merge(
        $wpdb->get_col("SHOW TABLES LIKE '%sluice%'"),
        $wpdb->get_col("SELECT option_name FROM $wpdb->options
            WHERE option_name LIKE '%sluice%'"),
        $wpdb->get_col("SELECT option_name FROM $wpdb->options
            WHERE option_name = 'cron' AND option_value LIKE '%sluice%'"),
        $wpdb->get_col("SELECT meta_key FROM $wpdb->commentmeta
            WHERE meta_key LIKE '%sluice'"));
}

say('PHP', PHP_MAJOR_VERSION . '.' . PHP_MINOR_VERSION);
say('activated', activate_plugin(PLUGIN) ?? true);
do_action('rest_api_init', rest_get_server());
update_option('sluice_url', 'http://127.0.0.1:1/v1/hooks/blog');
update_option('sluice_secret', Sluice_Settings::new_secret());

wp_set_current_user(0);
say('a visitor', ask('GET', 'queue', []));
act_as('moderator');

$post = wp_insert_post(['post_title' => 'A post', 'post_status' => 'publish',
                        'post_content' => '<p>Its <b>text</b></p>']);
$id = array_map(fn($text) => comment_add($post, $text),
                ['one', "two \u{1f600} \\", 'three', 'four', 'five', 'six']);
$after = min($id) - 1;
say('events', outbox());

$page = ask('GET', 'queue', ['after' => $after, 'per_page' => 4]);
say('queue', [count($page['comments']), $page['next'] === $id[3],
              $page['comments'][1]['content']['raw'],
              $page['comments'][0]['author_name'],
              ((array) $page['posts'])[$post]['text']]);
$hash = array_column($page['comments'], 'hash', 'id');
say('a page of none', count(ask('GET', 'queue',
                                ['after' => max($id)])['comments']));
say('too long a page', ask('GET', 'queue', ['per_page' => 501]));

$told = [];
listen($told);
$before = rows($id);
wp_set_comment_status($id[2], 'approve');
$told = [];
say('verdicts', verdicts([
    ['id' => $id[0], 'verdict' => 'approve', 'if_hash' => $hash[$id[0]]],
    ['id' => $id[1], 'verdict' => 'spam', 'if_hash' => $hash[$id[1]],
     'p_spam' => 0.98, 'reasons' => [['feature' => 'link_many', 'weight' => 2,
                                      'evidence' => '<b>"3"</b>']]],
    ['id' => $id[2], 'verdict' => 'spam', 'if_hash' => $hash[$id[2]]],
    ['id' => $id[3], 'verdict' => 'spam', 'if_hash' => str_repeat('0', 32)],
    ['id' => $id[4], 'verdict' => 'hold'],
    ['id' => 1000000000, 'verdict' => 'spam'],
    ['id' => $id[5], 'verdict' => 'perhaps'],
]));
sort($told);
say('others are told', $told);
say('the rows', rows($id) === $before ? 'as before' : 'changed');
clean_post_cache($post);
say('comments shown', get_post($post)->comment_count);
$told = [];
say('back', verdicts([['id' => $id[1], 'verdict' => 'approve',
                       'if_status' => 'spam']]));
sort($told);
say('others are told', $told);
say('events', outbox());

say('column', shown(function () use ($id) {
    Sluice_Column::show('sluice', $id[1]);
}));
wp_set_current_user(1);
Sluice_Page::register();
say('settings', strpos(shown(['Sluice_Page', 'show']), 'Waiting') !== false);
$status = ask('GET', 'status', []);
say('status', [$status['webhook']['waiting'],
               $status['webhook']['ready']]);
say('a test', ask('POST', 'test', [])['ok']);
Sluice_Sender::by_cron();
say('nobody listens', Sluice_Sender::state()['fails']);

$wpdb->query("UPDATE {$wpdb->prefix}sluice_outbox SET failed = 1,
    created = created - 31 * 86400 ORDER BY id LIMIT 1");
Sluice_Sender::by_cron();
say('a month after one was given up', count(outbox()));
say('first of those who erase',
    array_key_first(apply_filters('wp_privacy_personal_data_erasers', [])));
$erased = Sluice_Privacy::erase('zoe@example.com');
say('a person is erased', [$erased['items_removed'], $erased['done']]);
say('events', outbox());
say('reasons', get_comment_meta($id[1], '_sluice', true));

foreach ($id as $comment)
    wp_delete_comment($comment, true);
say('events, once they are deleted', outbox());
wp_delete_post($post, true);
say('there was', count(left()) > 3);
deactivate_plugins(PLUGIN);
uninstall_plugin(PLUGIN);
say('is left', left());

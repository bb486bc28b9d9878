<?php
/*
 * Make the site in an empty database; start.sh runs this.
 *
 *   php create_site.php DIR
 *
 * Writes to stdout, as lines for a shell, how to get in.
 */
define('WP_INSTALLING', true);
require __DIR__ . '/site.php';

/* WordPress mails the address of a new site to its owner, unless somebody
 * else has said how to notify. */
function wp_new_blog_notification(): void
{
}

/* It also fetches pages of itself to see whether rewriting works. */
add_filter('pre_http_request', fn() => new WP_Error('off', 'not now'));

require_once ABSPATH . 'wp-admin/includes/upgrade.php';

/* Returns the new user's application password. */
function user_make(string $login, string $role, string $password): string
{
    $id = wp_insert_user([
        'user_login' => $login,
        'user_pass' => $password,
        'user_email' => "$login@example.com",
        'role' => $role,
    ]);
    if (is_wp_error($id))
        fail("user $login: " . $id->get_error_message());

    $made = WP_Application_Passwords::create_new_application_password(
        $id, ['name' => 'sluice']);
    if (is_wp_error($made))
        fail("password of $login: " . $made->get_error_message());
    return $made[0];
}

/*
 * The samples go, so that a test counts only its own and the first comment is
 * number 1. One of them was the privacy policy: an Editor does not get to see
 * the comments on that post, whichever it is, so none is.
 */
function empty_site(): void
{
    global $wpdb;

    $post = get_posts(['post_type' => 'any', 'post_status' => 'any',
                       'numberposts' => -1, 'fields' => 'ids']);
    foreach ($post as $id)
        wp_delete_post($id, true);
    update_option('wp_page_for_privacy_policy', 0);
    $wpdb->query("TRUNCATE $wpdb->comments");
}

$login_password = wp_generate_password(20, false);
wp_install('Test site', 'admin', 'admin@example.com', false, '',
           $login_password);
empty_site();

$structure = '/%postname%/';
if (getenv('WP_PERMALINKS') === 'plain')
    $structure = '';
$wp_rewrite->set_permalink_structure($structure);
flush_rewrite_rules(false);

update_option('timezone_string', getenv('WP_TIMEZONE') ?: 'Asia/Kolkata');
update_option('comment_moderation', '1');
update_option('comment_previously_approved', '0');
update_option('comments_notify', '0');
update_option('moderation_notify', '0');

if (getenv('WP_COMPANION') === 'plugin') {
    $failed = activate_plugin('sluice/sluice.php');
    if (is_wp_error($failed))
        fail('companion: ' . $failed->get_error_message());
}

$url = WP_HOME;
$moderator = user_make('moderator', 'editor', $login_password);
$author = user_make('author', 'author', $login_password);

echo <<<END
WP_URL=$url
WP_USER=moderator
WP_PASSWORD=$moderator
WP_AUTHOR_USER=author
WP_AUTHOR_PASSWORD=$author
WP_ADMIN_USER=admin
WP_LOGIN_PASSWORD=$login_password

END;

<?php
/*
 * Make a network of the site, for sites in sub-directories.
 *
 *   php make_network.php DIR
 */
require __DIR__ . '/site.php';
require_once ABSPATH . 'wp-admin/includes/admin.php';
require_once ABSPATH . 'wp-admin/includes/network.php';
require_once ABSPATH . 'wp-admin/includes/upgrade.php';

const RULES = <<<'END'
define('MULTISITE', true);
define('SUBDOMAIN_INSTALL', false);
define('DOMAIN_CURRENT_SITE', '%s');
define('PATH_CURRENT_SITE', '/');
define('SITE_ID_CURRENT_SITE', 1);
define('BLOG_ID_CURRENT_SITE', 1);

END;

/* A site's own address is the network's word, no constant. */
function write_rules(string $host): void
{
    $file = ABSPATH . 'wp-config.php';
    $text = preg_replace('/^define\(.WP_(HOME|SITEURL).*\n/m', '',
                         file_get_contents($file));
    $text = preg_replace('/^require_once/m', sprintf(RULES, $host) . '$0',
                         $text);
    file_put_contents($file, $text);
}

$host = preg_replace('#^https?://#', '', WP_HOME);
act_as('admin');
foreach ($wpdb->tables('ms_global') as $table => $prefixed)
    $wpdb->$table = $prefixed;
install_network();
$made = populate_network(1, $host, 'admin@example.com', 'Network', '/', false);
if (is_wp_error($made) && $made->get_error_code() !== 'no_wildcard_dns')
    fail('no network: ' . $made->get_error_message());
/* What one site remembered for itself the network has to know now. */
$wpdb->insert($wpdb->sitemeta, ['site_id' => 1, 'meta_value' => '1',
                                'meta_key' => 'using_application_passwords']);
write_rules($host);

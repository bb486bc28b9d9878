<?php
/*
 * Load the WordPress of a scratch directory, the first argument, into a
 * command-line script. Require this at the top of the script and not in a
 * function: WordPress makes its globals where it is loaded.
 *
 * These scripts run with each PHP that the companion does, 7.4 and later.
 */

function fail(string $text)
{
    fwrite(STDERR, basename($_SERVER['argv'][0]) . ": $text\n");
    exit(1);
}

/* Act as this user, so that plugins see a person behind what follows. */
function act_as(string $login): void
{
    $user = get_user_by('login', $login);
    if (!$user)
        fail("no user $login");
    wp_set_current_user($user->ID);
}

if (!isset($argv[1]))
    fail('name the scratch directory first');
$site_root = realpath("$argv[1]/site/wordpress");
if (!$site_root)
    fail("$argv[1]: no site here; make one with start.sh $argv[1]");

require "$site_root/wp-load.php";

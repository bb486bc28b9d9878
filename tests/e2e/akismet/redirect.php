<?php
/*
 * The Akismet plugin has one host built in and nothing to change it with; so
 * what it sends there is sent to the server under test instead. A site's
 * owner needs no more than this file in wp-content/mu-plugins/.
 */
add_filter('pre_http_request', function ($answer, $args, $url) {
    $at = '#^https?://rest\.akismet\.com/#';
    if (!preg_match($at, $url))
        return $answer;
    $server = trim(file_get_contents(__DIR__ . '/server.txt'));
    return wp_remote_request(preg_replace($at, "$server/", $url), $args);
}, 10, 3);

<?php
/*
 * Put comments into a site as they would wait for a moderator.
 *
 *   php load.php DIR FILE        FILE is NDJSON; - reads stdin
 *
 * Keys: id, text, author, author_url, author_email, author_ip, user_agent,
 * date, type, post_title, post_text, post_date, label. One post is made for
 * each title. The text is stored as it comes, as comments are that another
 * plugin or an import brought. `label` and `id` become comment meta that REST
 * does not show, so that dump.sh can tell what ended where.
 *
 * A row without address or agent is given one that depends on its id alone,
 * as a change to them is the damage to look for. A row that has them, but
 * empty, keeps them empty: imported comments are like that.
 */
require __DIR__ . '/site.php';

const ROWS_PER_COMMIT = 1000;

/* Bytes a column holds, as far as WordPress's own form would fill it. */
const BYTES_MAX = [
    'comment_author' => 245,
    'comment_author_email' => 100,
    'comment_author_url' => 200,
    'comment_content' => 65525,
    'comment_agent' => 254,
];

const AGENT = [
    'Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:128.0) Gecko/20100101 '
        . 'Firefox/128.0',
    'Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605'
        . '.1.15 (KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1',
    'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) '
        . 'Chrome/126.0.0.0 Safari/537.36',
    'Mozilla/4.0 (compatible; MSIE 8.0; Windows NT 6.1; Trident/4.0; '
        . '.NET CLR 2.0.50727; InfoPath.3; "Bob\'s" Toolbar 1.0 & more)',
    'Opera/9.80 (J2ME/MIDP; Opera Mini/5.1; U; en) Presto/2.5.25 \\ v10.54',
];

/* Addresses from the ranges kept for documentation: nobody's. */
function ip_for(int $seed): string
{
    $net = ['192.0.2', '198.51.100', '203.0.113'];
    $low = $seed % 254 + 1;

    if ($seed % 3 === 0)
        return sprintf('2001:db8:%x::%x', $seed >> 8 & 0xffff, $low);
    return $net[($seed >> 8) % 3] . ".$low";
}

/*
 * A date in UTC. Sources write dates in many ways; a row without one, or with
 * one that nobody can read, shares its made-up date with two others, as dates
 * on real sites are no key either.
 */
function date_utc(?string $text, int $nr): string
{
    $utc = new DateTimeZone('UTC');
    $text = preg_replace('/^(\d{14})Z$/', '$1', trim($text ?? ''));

    try {
        if ($text === '')
            throw new Exception('no date');
        $date = new DateTimeImmutable($text, $utc);
    } catch (Exception $unreadable) {
        $date = new DateTimeImmutable('2024-03-01', $utc);
        $date = $date->modify('+' . intdiv($nr, 3) * 61 . ' seconds');
    }
    return $date->setTimezone($utc)->format('Y-m-d H:i:s');
}

/* Posts already on the site, title => id. */
function posts_by_title(): array
{
    global $wpdb;

    return array_column(
        $wpdb->get_results("SELECT ID, post_title FROM $wpdb->posts
                            WHERE post_type = 'post'", ARRAY_A),
        'ID', 'post_title');
}

/* The post a row is under; made if it is the first there. */
function post_for(array $row, int $nr, array &$posts): int
{
    $title = trim($row['post_title'] ?? '');
    if ($title === '')
        $title = 'A post without a title';
    if (isset($posts[$title]))
        return (int) $posts[$title];

    /* A post from the future would be a plan, without a page to comment on. */
    $date = min(date_utc($row['post_date'] ?? $row['date'] ?? null, $nr),
                gmdate('Y-m-d H:i:s'));
    $id = wp_insert_post(wp_slash([
        'post_title' => $title,
        'post_content' => $row['post_text'] ?? '',
        'post_status' => 'publish',
        'post_date_gmt' => $date,
        'post_date' => get_date_from_gmt($date),
        'comment_status' => 'open',
    ]), true);
    if (is_wp_error($id))
        fail("line $nr: no post: " . $id->get_error_message());
    return $posts[$title] = $id;
}

/* What wp_insert_comment() is told about a row, not yet slashed. */
function comment_from(array $row, int $nr, int $post): array
{
    $id = (string) ($row['id'] ?? "line $nr");
    $seed = crc32($id);
    $date = date_utc($row['date'] ?? null, $nr);
    $comment = [
        'comment_post_ID' => $post,
        'comment_author' => $row['author'] ?? '',
        'comment_author_email' =>
            preg_replace('/^@/', 'someone@', $row['author_email'] ?? ''),
        'comment_author_url' => $row['author_url'] ?? '',
        'comment_author_IP' => $row['author_ip'] ?? ip_for($seed),
        'comment_agent' =>
            $row['user_agent'] ?? AGENT[$seed % count(AGENT)],
        'comment_date_gmt' => $date,
        'comment_date' => get_date_from_gmt($date),
        'comment_content' => $row['text'] ?? '',
        'comment_type' => $row['type'] ?? 'comment',
        'comment_approved' => '0',
        'comment_meta' => ['sluice_test_id' => $id],
    ];
    if (isset($row['label']))
        $comment['comment_meta']['sluice_test_label'] = $row['label'];
    return $comment;
}

/* Cut what the table would refuse; returns whether anything was. */
function cut_to_fit(array &$comment): bool
{
    $cut = false;

    foreach (BYTES_MAX as $key => $max) {
        if (strlen($comment[$key]) <= $max)
            continue;
        $comment[$key] = mb_strcut($comment[$key], 0, $max, 'UTF-8');
        $cut = true;
    }
    return $cut;
}

if ($argc !== 3)
    fail('usage: php load.php DIR FILE');
$in = $argv[2] === '-' ? STDIN : @fopen($argv[2], 'r');
if (!$in)
    fail("$argv[2]: " . error_get_last()['message']);

/* An administrator's posts are not filtered. Without the cache twenty
 * thousand comments need no more memory than one. */
act_as('admin');
$posts = posts_by_title();
$posts_before = count($posts);
wp_suspend_cache_addition(true);
$nr = $comments = $cuts = 0;

$wpdb->query('START TRANSACTION');
while (($line = fgets($in)) !== false) {
    $nr++;
    if (trim($line) === '')
        continue;
    $row = json_decode($line, true);
    if (!is_array($row))
        fail("$argv[2]: line $nr: " . json_last_error_msg());

    $comment = comment_from($row, $nr, post_for($row, $nr, $posts));
    $cuts += (int) cut_to_fit($comment);
    if (!wp_insert_comment(wp_slash($comment)))
        fail("$argv[2]: line $nr: $wpdb->last_error");
    if (++$comments % ROWS_PER_COMMIT === 0)
        $wpdb->query('COMMIT AND CHAIN');
}
$wpdb->query('COMMIT');

fwrite(STDERR, "load.php: $comments comments, "
    . (count($posts) - $posts_before) . " new posts"
    . ($cuts ? ", $cuts cut to fit" : '') . "\n");

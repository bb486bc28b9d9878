<?php
/**
 * Plugin Name:       sluice
 * Description:       Lets sluice judge this site's comments: reads the queue in one go, applies verdicts without touching anything but the status, and tells sluice at once what visitors write and moderators decide.
 * Version:           1.0.0
 * Requires at least: 5.6
 * Requires PHP:      7.4
 * License:           GPL-2.0-or-later
 * License URI:       https://www.gnu.org/licenses/gpl-2.0.html
 * Text Domain:       sluice
 *
 * The companion of sluice, the comment filter. One file: a plugin in
 * wp-content/plugins, or a must-use plugin in wp-content/mu-plugins.
 *
 * In the order of a comment's life, a class each:
 *
 *   Sluice_Comment    a row of the comments table as it crosses the border
 *   Sluice_Queue      GET sluice/v1/queue: what waits
 *   Sluice_Verdicts   POST sluice/v1/verdicts: what sluice thinks of it
 *   Sluice_Routes     the REST API's side of both
 *
 * This program is free software; you can redistribute it and/or modify it
 * under the terms of the GNU General Public License as published by the Free
 * Software Foundation; either version 2 of the License, or (at your option)
 * any later version. It comes without any warranty.
 *
 * @package sluice
 */

if ( ! defined( 'ABSPATH' ) ) {
	exit;
}

/*
 * As a plugin and as a must-use plugin at once there would be two of each
 * class; the first one loaded does the work. A plain return would come too
 * late, as PHP declares a file's classes before it runs the file.
 */
if ( ! defined( 'SLUICE_VERSION' ) ) :

define( 'SLUICE_VERSION', '1.0.0' );

/**
 * A row of the comments table as it crosses the border: the keys are those of
 * WordPress's own REST objects, the bytes those of the database.
 */
final class Sluice_Comment {

	/** The column's value for each status, as moderators speak of it. */
	const STATUS = array(
		'hold'     => '0',
		'approved' => '1',
		'spam'     => 'spam',
		'trash'    => 'trash',
	);

	/** What a row's comment_approved is called. */
	public static function status( string $column ): string {
		$name = array_search( $column, self::STATUS, true );
		return false === $name ? $column : $name;
	}

	/** The column's value for a name; "approve" will do for "approved". */
	public static function column( string $name ): ?string {
		if ( 'approve' === $name ) {
			$name = 'approved';
		}
		return self::STATUS[ $name ] ?? null;
	}

	/**
	 * Text that JSON can carry. An old table may hold other bytes than UTF-8;
	 * those cross the border as U+FFFD, and are hashed as that.
	 */
	public static function utf8( ?string $text ): string {
		$text = (string) $text;
		if ( '' === $text || preg_match( '//u', $text ) ) {
			return $text;
		}
		return json_decode( json_encode( $text, JSON_INVALID_UTF8_SUBSTITUTE ) );
	}

	/**
	 * Fingerprint of what a verdict rests on, as sluice itself computes it
	 * from what Sluice_Comment::object() says: BLAKE2b-128 over text, author
	 * and addresses, each after its length in eight bytes.
	 */
	public static function hash( object $row ): string {
		$bytes = '';
		$judged = array(
			$row->comment_content,
			$row->comment_author,
			$row->comment_author_url,
			$row->comment_author_email,
			$row->comment_author_IP,
		);
		foreach ( $judged as $field ) {
			$field  = self::utf8( $field );
			$bytes .= pack( 'V2', strlen( $field ), 0 ) . $field;
		}
		return bin2hex( sodium_crypto_generichash( $bytes, '', 16 ) );
	}

	/**
	 * The object for the border.
	 *
	 * @param object $row     A row of the comments table.
	 * @param string $link    The post's address.
	 * @param string $role    The author's first role here, if logged in.
	 * @param string $answers The text of the comment it answers.
	 */
	public static function object( object $row, string $link, string $role, string $answers ): array {
		return array(
			'id'                => (int) $row->comment_ID,
			'post'              => (int) $row->comment_post_ID,
			'parent'            => (int) $row->comment_parent,
			'author'            => (int) $row->user_id,
			'author_name'       => self::utf8( $row->comment_author ),
			'author_email'      => self::utf8( $row->comment_author_email ),
			'author_url'        => self::utf8( $row->comment_author_url ),
			'author_ip'         => self::utf8( $row->comment_author_IP ),
			'author_user_agent' => self::utf8( $row->comment_agent ),
			'date'              => self::iso_date( $row->comment_date ),
			'date_gmt'          => self::iso_date( $row->comment_date_gmt ),
			'content'           => array( 'raw' => self::utf8( $row->comment_content ) ),
			'status'            => self::status( $row->comment_approved ),
			'type'              => '' === $row->comment_type ? 'comment' : $row->comment_type,
			'link'              => '' === $link ? '' : $link . '#comment-' . $row->comment_ID,
			'role'              => $role,
			'parent_text'       => $answers,
			'hash'              => self::hash( $row ),
		);
	}

	/** As WordPress writes dates in JSON: without a zone. */
	public static function iso_date( string $mysql ): string {
		return str_replace( ' ', 'T', $mysql );
	}

	/** The beginning of a text, in whole characters. */
	public static function beginning( string $text, int $bytes ): string {
		if ( strlen( $text ) <= $bytes ) {
			return $text;
		}
		while ( $bytes > 0 && 0x80 === ( ord( $text[ $bytes ] ) & 0xc0 ) ) {
			--$bytes;
		}
		return substr( $text, 0, $bytes );
	}
}

/**
 * What comments are about and who wrote them, for a page of rows at once: a
 * handful of queries, however many rows.
 */
final class Sluice_Context {

	/** Bytes of a post or of a parent's text; sluice reads no more. */
	const TEXT_MAX = 8192;

	private $posts   = array();
	private $roles   = array();
	private $parents = array();

	/** @param object[] $rows Rows of the comments table. */
	public function __construct( array $rows ) {
		$this->read_posts( self::numbers( $rows, 'comment_post_ID' ) );
		$this->read_roles( self::numbers( $rows, 'user_id' ) );
		$this->read_parents( $rows );
	}

	/** Post number => title, text, date, permalink and type. */
	public function posts(): array {
		return $this->posts;
	}

	/** The comment as an object for the border. */
	public function object( object $row ): array {
		return Sluice_Comment::object(
			$row,
			$this->posts[ (int) $row->comment_post_ID ]['permalink'] ?? '',
			$this->roles[ (int) $row->user_id ] ?? '',
			$this->parents[ (int) $row->comment_parent ] ?? ''
		);
	}

	/** The same, with what the post says beside it: for one comment alone. */
	public function object_with_post( object $row ): array {
		$post = $this->posts[ (int) $row->comment_post_ID ] ?? array();
		return $this->object( $row ) + array(
			'post_title' => $post['title'] ?? '',
			'post_text'  => $post['text'] ?? '',
			'post_date'  => $post['date'] ?? '',
			'permalink'  => $post['permalink'] ?? '',
		);
	}

	private static function numbers( array $rows, string $column ): array {
		return array_values( array_filter( array_unique( array_map( 'intval', array_column( $rows, $column ) ) ) ) );
	}

	private function read_posts( array $ids ): void {
		if ( $ids ) {
			_prime_post_caches( $ids, true, false );
		}
		foreach ( array_filter( array_map( 'get_post', $ids ) ) as $post ) {
			$this->posts[ $post->ID ] = array(
				'title'     => Sluice_Comment::utf8( $post->post_title ),
				'text'      => self::plain( $post->post_content ),
				'date'      => Sluice_Comment::iso_date( $post->post_date_gmt ),
				'permalink' => (string) get_permalink( $post ),
				'type'      => $post->post_type,
			);
		}
	}

	/** A post without its markup. The end of a long one is not even looked at. */
	private static function plain( string $content ): string {
		$text = substr( $content, 0, 8 * self::TEXT_MAX );
		$text = wp_strip_all_tags( strip_shortcodes( $text ) );
		return Sluice_Comment::utf8( Sluice_Comment::beginning( $text, self::TEXT_MAX ) );
	}

	private function read_roles( array $ids ): void {
		if ( $ids ) {
			cache_users( $ids );
		}
		foreach ( $ids as $id ) {
			$user               = get_userdata( $id );
			$this->roles[ $id ] = $user ? (string) reset( $user->roles ) : '';
		}
	}

	private function read_parents( array $rows ): void {
		global $wpdb;

		$ids = self::numbers( $rows, 'comment_parent' );
		if ( ! $ids ) {
			return;
		}
		$found = $wpdb->get_results(
			$wpdb->prepare(
				"SELECT comment_ID, LEFT(comment_content, %d) AS text FROM $wpdb->comments WHERE comment_ID IN (" . implode( ',', $ids ) . ')',
				self::TEXT_MAX
			)
		);
		foreach ( (array) $found as $row ) {
			$this->parents[ (int) $row->comment_ID ] =
				Sluice_Comment::utf8( Sluice_Comment::beginning( $row->text, self::TEXT_MAX ) );
		}
	}
}

/**
 * GET sluice/v1/queue: comments of one status, in order of their numbers.
 *
 * The next page begins after the last number of this one, so nothing is
 * missed or read twice while statuses change.
 */
final class Sluice_Queue {

	const PAGE_MAX = 500;

	/** Bytes of comments in one page: PHP has to hold them all. */
	const BYTES_MAX = 4194304;

	/** Notes of editors to each other (WordPress 6.9) are none of ours. */
	const NO_NOTES = "comment_type <> 'note'";

	public static function page( string $column, int $after, int $per_page ): array {
		$ids     = self::numbers( $column, $after, $per_page );
		$rows    = self::rows( $ids['page'] );
		$context = new Sluice_Context( $rows );
		return array(
			'api'      => 1,
			'total'    => self::total( $column ),
			'next'     => $ids['more'] ? end( $ids['page'] ) : null,
			'comments' => array_map( array( $context, 'object' ), $rows ),
			'posts'    => (object) $context->posts(),
		);
	}

	/** Which comments go on the page, and whether there are more. */
	private static function numbers( string $column, int $after, int $per_page ): array {
		global $wpdb;

		$found = (array) $wpdb->get_results(
			$wpdb->prepare(
				"SELECT comment_ID, LENGTH(comment_content) AS bytes FROM $wpdb->comments
				WHERE comment_approved = %s AND comment_ID > %d AND " . self::NO_NOTES . '
				ORDER BY comment_ID LIMIT %d',
				$column,
				$after,
				$per_page + 1
			)
		);
		$page  = array();
		$bytes = 0;
		foreach ( $found as $row ) {
			$bytes += (int) $row->bytes;
			if ( count( $page ) >= $per_page || ( $page && $bytes > self::BYTES_MAX ) ) {
				return array( 'page' => $page, 'more' => true );
			}
			$page[] = (int) $row->comment_ID;
		}
		return array( 'page' => $page, 'more' => false );
	}

	/**
	 * Rows by their numbers, straight from the table.
	 *
	 * @param int[] $ids
	 * @param bool  $lock Until the transaction ends, nobody else changes them.
	 */
	public static function rows( array $ids, bool $lock = false ): array {
		global $wpdb;

		if ( ! $ids ) {
			return array();
		}
		return (array) $wpdb->get_results(
			"SELECT * FROM $wpdb->comments WHERE comment_ID IN (" . implode( ',', array_map( 'intval', $ids ) ) . ')
			ORDER BY comment_ID' . ( $lock ? ' FOR UPDATE' : '' )
		);
	}

	private static function total( string $column ): int {
		global $wpdb;

		return (int) $wpdb->get_var(
			$wpdb->prepare( "SELECT COUNT(*) FROM $wpdb->comments WHERE comment_approved = %s AND " . self::NO_NOTES, $column )
		);
	}
}

/**
 * One verdict of a request, and what became of it.
 */
final class Sluice_Verdict {

	const COLUMN = array(
		'approve' => '1',
		'spam'    => 'spam',
		'hold'    => '0',
	);

	/** Bytes of reasons kept with a comment. */
	const META_MAX = 4096;

	/** Bytes of one reason's evidence. */
	const EVIDENCE_MAX = 200;

	public $id      = 0;
	public $want    = '';
	public $expect  = '0';
	public $hash    = '';
	public $said    = array();
	public $result  = '';
	public $status  = '';
	public $now     = '';
	public $message = '';

	/** @param mixed $item As it came in the request. */
	public static function from_request( $item ): self {
		$verdict = new self();
		$wrong   = is_array( $item ) ? $verdict->read( $item ) : 'not an object';
		if ( '' !== $wrong ) {
			$verdict->settle( 'error', null, $wrong );
		}
		return $verdict;
	}

	/** Returns what is wrong with it, or nothing. */
	private function read( array $item ): string {
		$id = $item['id'] ?? null;
		if ( ! is_scalar( $id ) || ! preg_match( '/^[1-9][0-9]{0,18}$/', (string) $id ) ) {
			return 'id: a comment\'s number is expected';
		}
		$this->id   = (int) $id;
		$this->want = self::COLUMN[ self::text( $item, 'verdict' ) ] ?? '';
		if ( '' === $this->want ) {
			return 'verdict: approve, spam or hold is expected';
		}
		$expect = self::text( $item, 'if_status', 'hold' );
		if ( 'trash' === $expect || null === Sluice_Comment::column( $expect ) ) {
			return 'if_status: hold, approved or spam is expected';
		}
		$this->expect = Sluice_Comment::column( $expect );
		$this->hash   = self::text( $item, 'if_hash' );
		if ( ! preg_match( '/^([0-9a-f]{32})?$/', $this->hash ) ) {
			return 'if_hash: 32 hexadecimal digits are expected';
		}
		$this->said = $item;
		return '';
	}

	private static function text( array $item, string $key, string $default = '' ): string {
		return is_string( $item[ $key ] ?? null ) ? $item[ $key ] : $default;
	}

	/** What can be said without touching the row; false if it is to change. */
	public function settled_by( ?object $row ): bool {
		if ( ! $row ) {
			$this->settle( 'gone', null, 'there is no such comment' );
		} elseif ( $row->comment_approved === $this->want ) {
			$this->settle( 'already', $row );
		} elseif ( $row->comment_approved !== $this->expect ) {
			$this->settle( 'skipped', $row, 'its status is ' . Sluice_Comment::status( $row->comment_approved ) );
		} elseif ( '' !== $this->hash && Sluice_Comment::hash( $row ) !== $this->hash ) {
			$this->settle( 'skipped', $row, 'it was edited' );
		}
		return '' !== $this->result;
	}

	public function settle( string $result, ?object $row, string $message = '' ): void {
		$this->result  = $result;
		$this->message = $message;
		$this->status  = $row ? Sluice_Comment::status( $row->comment_approved ) : '';
		$this->now     = $row ? Sluice_Comment::hash( $row ) : '';
	}

	public function answer(): array {
		return array(
			'id'      => $this->id ? $this->id : null,
			'result'  => $this->result,
			'status'  => $this->status,
			'hash'    => $this->now,
			'message' => $this->message,
		);
	}

	/** Whether the reasons are of the comment as it is now. */
	public function has_reasons(): bool {
		return in_array( $this->result, array( 'applied', 'already' ), true )
			&& ( '' === $this->hash || $this->hash === $this->now )
			&& ( isset( $this->said['reasons'] ) || isset( $this->said['p_spam'] ) );
	}

	/** What the comments list shows; the lightest reasons go if it is long. */
	public function meta(): string {
		$meta = array(
			'verdict' => (string) array_search( $this->want, self::COLUMN, true ),
			'p_spam'  => self::probability( $this->said['p_spam'] ?? null ),
			'p_abuse' => self::probability( $this->said['p_abuse'] ?? null ),
			'model'   => Sluice_Comment::beginning( self::text( $this->said, 'model' ), 64 ),
			'hash'    => $this->now,
			'at'      => time(),
			'reasons' => self::reasons( $this->said['reasons'] ?? null ),
		);
		do {
			$json = (string) wp_json_encode( $meta, JSON_UNESCAPED_UNICODE | JSON_UNESCAPED_SLASHES );
		} while ( strlen( $json ) > self::META_MAX && null !== array_pop( $meta['reasons'] ) );
		return $json;
	}

	private static function probability( $value ): ?float {
		return is_numeric( $value ) ? round( max( 0, min( 1, (float) $value ) ), 6 ) : null;
	}

	private static function reasons( $list ): array {
		$kept = array();
		foreach ( is_array( $list ) ? array_slice( $list, 0, 20 ) : array() as $reason ) {
			if ( ! is_array( $reason ) || '' === self::text( $reason, 'feature' ) ) {
				continue;
			}
			$weight = $reason['weight'] ?? 0;
			$kept[] = array(
				'feature'  => Sluice_Comment::beginning( $reason['feature'], 64 ),
				'weight'   => is_numeric( $weight ) ? round( (float) $weight, 4 ) : 0,
				'evidence' => Sluice_Comment::beginning( self::text( $reason, 'evidence' ), self::EVIDENCE_MAX ),
			);
		}
		return $kept;
	}
}

/**
 * A change of status as WordPress itself makes it when a moderator clicks,
 * for many comments at once: the same columns, the same meta, the same hooks
 * in the same order for each, but two or three queries for all, where
 * wp_spam_comment() takes eight for one.
 */
final class Sluice_Status {

	/** What WordPress calls the column's values when it changes them. */
	const WORD = array(
		'0'    => 'hold',
		'1'    => 'approve',
		'spam' => 'spam',
	);

	/** Where WordPress remembers what a comment was before it was spam. */
	const META = array( '_wp_trash_meta_status', '_wp_trash_meta_time' );

	/** Fires what WordPress fires before anything has changed. */
	public static function before( object $row, string $want ): void {
		if ( 'spam' === $want ) {
			do_action( 'spam_comment', $row->comment_ID, new WP_Comment( $row ) );
		} elseif ( 'spam' === $row->comment_approved ) {
			do_action( 'unspam_comment', $row->comment_ID, new WP_Comment( $row ) );
		}
	}

	/**
	 * Writes the new status and its meta. To be called in a transaction that
	 * holds locks on the rows; it has to be undone if this returns false.
	 *
	 * @param object[] $rows As they are; all have another status.
	 * @param string   $want The column's new value.
	 */
	public static function write( array $rows, string $want ): bool {
		global $wpdb;

		$ids     = array_map( 'intval', array_column( $rows, 'comment_ID' ) );
		$changed = $wpdb->query( $wpdb->prepare( "UPDATE $wpdb->comments SET comment_approved = %s WHERE comment_ID IN (" . implode( ',', $ids ) . ')', $want ) );
		if ( count( $rows ) !== $changed || ! Sluice_Meta::remove( $ids, self::META ) ) {
			return false;
		}
		if ( 'spam' === $want && ! Sluice_Meta::add( self::trash_meta( $rows ) ) ) {
			return false;
		}
		self::renew_cache( $rows, $want );
		return true;
	}

	private static function trash_meta( array $rows ): array {
		$meta = array();
		foreach ( $rows as $row ) {
			$meta[] = array( $row->comment_ID, self::META[0], $row->comment_approved );
			$meta[] = array( $row->comment_ID, self::META[1], time() );
		}
		return $meta;
	}

	/**
	 * While the rows are locked, so that nobody's newer row is replaced. Then
	 * each listener who asks for the comment gets it without a query.
	 */
	private static function renew_cache( array $rows, string $want ): void {
		clean_comment_cache( array_column( $rows, 'comment_ID' ) );
		foreach ( $rows as $row ) {
			$new                   = clone $row;
			$new->comment_approved = $want;
			wp_cache_set( $row->comment_ID, $new, 'comment' );
		}
	}

	/**
	 * Fires what WordPress fires once all is done, and counts the post's
	 * comments.
	 *
	 * @param object $row  The row as it was.
	 * @param string $want The column's new value.
	 */
	public static function after( object $row, string $want ): void {
		$comment = get_comment( $row->comment_ID );
		if ( ! $comment ) {
			return;
		}
		if ( '1' === $want ) {
			add_action( 'wp_set_comment_status', 'wp_new_comment_notify_postauthor' );
		}
		wp_update_comment_count( $row->comment_post_ID );
		do_action( 'wp_set_comment_status', $row->comment_ID, self::WORD[ $want ] );
		wp_transition_comment_status( self::WORD[ $want ], $row->comment_approved, $comment );
		if ( 'spam' === $want ) {
			do_action( 'spammed_comment', $row->comment_ID, $comment );
		} elseif ( 'spam' === $row->comment_approved ) {
			do_action( 'unspammed_comment', $row->comment_ID, $comment );
		}
	}
}

/**
 * Meta of many comments at once.
 *
 * What is to be removed is looked up first: a DELETE that finds nothing locks
 * the gap where the rows would be, and two requests that then insert there
 * wait for each other.
 */
final class Sluice_Meta {

	public static function remove( array $ids, array $keys ): bool {
		global $wpdb;

		$found = $wpdb->get_col(
			"SELECT meta_id FROM $wpdb->commentmeta WHERE comment_id IN (" . implode( ',', array_map( 'intval', $ids ) ) . ")
			AND meta_key IN ('" . implode( "','", esc_sql( $keys ) ) . "')"
		);
		if ( ! $found ) {
			return true;
		}
		return false !== $wpdb->query( "DELETE FROM $wpdb->commentmeta WHERE meta_id IN (" . implode( ',', array_map( 'intval', $found ) ) . ')' );
	}

	/** @param array[] $rows Comment's number, key and value of each. */
	public static function add( array $rows ): bool {
		global $wpdb;

		$values = array();
		foreach ( $rows as $row ) {
			$values[] = $wpdb->prepare( '(%d, %s, %s)', $row[0], $row[1], $row[2] );
		}
		$added = $wpdb->query( "INSERT INTO $wpdb->commentmeta (comment_id, meta_key, meta_value) VALUES " . implode( ',', $values ) );
		foreach ( $rows as $row ) {
			wp_cache_delete( $row[0], 'comment_meta' );
		}
		return count( $rows ) === $added;
	}
}

/**
 * POST sluice/v1/verdicts: set many statuses, each only if the comment still
 * is what was judged.
 *
 * A person may be deciding at the same moment. Rows are locked while they are
 * looked at and changed: whoever came before is seen, and the verdict is
 * skipped; whoever comes after waits for some milliseconds and then has the
 * last word. (A MyISAM table has no locks on rows; there a person's decision
 * has to miss the moment between two statements.) Other plugins are told when
 * the locks are gone, so that a slow one keeps nobody waiting.
 */
final class Sluice_Verdicts {

	const REQUEST_MAX = 500;

	/** Comments in one transaction: few at first, more while that is quick. */
	const BATCH_FIRST   = 10;
	const BATCH_MAX     = 100;
	const BATCH_SECONDS = 0.5;

	/** A request ends before somebody on the way gives up on it. */
	const REQUEST_SECONDS = 20;

	/** Comment meta with the verdict and its reasons, as JSON. */
	const META = '_sluice';

	/** Whether a change of status that others notice now is ours. */
	private static $applying = false;

	public static function applying(): bool {
		return self::$applying;
	}

	/** @param array $items As they came in the request. */
	public static function apply( array $items ): array {
		$verdicts = array_map( array( 'Sluice_Verdict', 'from_request' ), $items );
		self::refuse_twins( $verdicts );
		$left = self::look( self::open( $verdicts ) );
		self::begin();
		try {
			self::apply_within( $left, microtime( true ) + self::REQUEST_SECONDS );
		} finally {
			self::end();
		}
		foreach ( self::open( $left ) as $verdict ) {
			$verdict->settle( 'error', null, 'not tried: out of time; send it again' );
		}
		self::remember( $verdicts );
		$answers = array();
		foreach ( $verdicts as $verdict ) {
			$answers[] = $verdict->answer();
		}
		return $answers;
	}

	/** Of two verdicts on one comment in a request only the first counts. */
	private static function refuse_twins( array $verdicts ): void {
		$seen = array();
		foreach ( self::open( $verdicts ) as $verdict ) {
			if ( isset( $seen[ $verdict->id ] ) ) {
				$verdict->settle( 'error', null, 'named twice in this request' );
			}
			$seen[ $verdict->id ] = true;
		}
	}

	/** Those of whom nothing is decided yet. */
	private static function open( array $verdicts ): array {
		$open = array();
		foreach ( $verdicts as $verdict ) {
			if ( '' === $verdict->result ) {
				$open[] = $verdict;
			}
		}
		return $open;
	}

	/** Settles what needs no change; returns the others. */
	private static function look( array $verdicts ): array {
		$row = self::rows( $verdicts );
		foreach ( $verdicts as $verdict ) {
			$verdict->settled_by( $row[ $verdict->id ] ?? null );
		}
		return self::open( $verdicts );
	}

	/** Comment's number => row. */
	private static function rows( array $verdicts, bool $lock = false ): array {
		return array_column( Sluice_Queue::rows( array_column( $verdicts, 'id' ), $lock ), null, 'comment_ID' );
	}

	/** Counts are made once a post, and nobody mistakes us for a person. */
	private static function begin(): void {
		self::$applying = true;
		Sluice_Akismet::silence( true );
		wp_defer_comment_counting( true );
	}

	private static function end(): void {
		wp_defer_comment_counting( false );
		Sluice_Akismet::silence( false );
		self::$applying = false;
	}

	private static function apply_within( array $verdicts, float $deadline ): void {
		$batch = self::BATCH_FIRST;
		while ( $verdicts && microtime( true ) < $deadline ) {
			$began = microtime( true );
			$some  = array_splice( $verdicts, 0, $batch );
			self::transaction( $some );
			$quick = microtime( true ) - $began < self::BATCH_SECONDS;
			$batch = $quick ? min( 2 * $batch, self::BATCH_MAX ) : max( 1, intdiv( $batch, 2 ) );
		}
	}

	/** Applies all of these or, if the database refuses, none. */
	private static function transaction( array $verdicts ): void {
		global $wpdb;

		$wpdb->query( 'START TRANSACTION' );
		$row  = self::rows( $verdicts, true );
		$todo = self::to_change( $verdicts, $row );
		$done = true;
		foreach ( $todo as $want => $some ) {
			$done = $done && Sluice_Status::write( array_intersect_key( $row, $some ), (string) $want );
		}
		$error = $wpdb->last_error;
		if ( $done && false !== $wpdb->query( 'COMMIT' ) ) {
			self::applied( $todo, $row );
		} else {
			$wpdb->query( 'ROLLBACK' );
			self::refused( $todo, $row, $error );
		}
	}

	/**
	 * Those that are to change: wanted status => number => verdict. Others
	 * are settled, also if a plugin objects by dying.
	 */
	private static function to_change( array $verdicts, array $row ): array {
		$todo = array();
		foreach ( $verdicts as $verdict ) {
			$now = $row[ $verdict->id ] ?? null;
			if ( $verdict->settled_by( $now ) ) {
				continue;
			}
			try {
				Sluice_Status::before( $now, $verdict->want );
				$todo[ $verdict->want ][ $verdict->id ] = $verdict;
			} catch ( Throwable $failure ) {
				$verdict->settle( 'error', $now, 'another plugin failed: ' . $failure->getMessage() );
			}
		}
		return $todo;
	}

	/** It is done, whatever other plugins make of it. */
	private static function applied( array $todo, array $row ): void {
		foreach ( array_merge( ...array_values( array_map( 'array_values', $todo ) ) ) as $verdict ) {
			$message = '';
			try {
				Sluice_Status::after( $row[ $verdict->id ], $verdict->want );
			} catch ( Throwable $failure ) {
				$message = 'another plugin failed: ' . $failure->getMessage();
			}
			$new                   = clone $row[ $verdict->id ];
			$new->comment_approved = $verdict->want;
			$verdict->settle( 'applied', $new, $message );
		}
	}

	private static function refused( array $todo, array $row, string $error ): void {
		foreach ( $todo as $some ) {
			clean_comment_cache( array_keys( $some ) );
			foreach ( $some as $verdict ) {
				$verdict->settle( 'error', $row[ $verdict->id ], 'the database refused; send it again: ' . $error );
			}
		}
	}

	/** Keeps the reasons for the comments list. */
	private static function remember( array $verdicts ): void {
		$meta = array();
		foreach ( $verdicts as $verdict ) {
			if ( $verdict->has_reasons() ) {
				$meta[] = array( $verdict->id, self::META, $verdict->meta() );
			}
		}
		foreach ( array_chunk( $meta, 100 ) as $some ) {
			Sluice_Meta::remove( array_column( $some, 0 ), array( self::META ) );
			Sluice_Meta::add( $some );
		}
	}
}

/**
 * The Akismet plugin, which takes every change of status over REST for a
 * person's and reports it: our own verdicts would come back as lessons.
 */
final class Sluice_Akismet {

	const LISTENER = array( 'Akismet', 'transition_comment_status' );

	private static $priority = false;

	public static function silence( bool $on ): void {
		if ( $on ) {
			self::$priority = has_action( 'transition_comment_status', self::LISTENER );
			if ( false !== self::$priority ) {
				remove_action( 'transition_comment_status', self::LISTENER, self::$priority );
			}
		} elseif ( false !== self::$priority ) {
			add_action( 'transition_comment_status', self::LISTENER, self::$priority, 3 );
			self::$priority = false;
		}
	}
}

/**
 * The REST API: sluice/v1.
 */
final class Sluice_Routes {

	const SPACE = 'sluice/v1';

	public static function hooks(): void {
		add_action( 'rest_api_init', array( __CLASS__, 'register' ) );
		add_filter( 'rest_preprocess_comment', array( __CLASS__, 'only_status' ), 10, 2 );
		add_filter( 'rest_request_after_callbacks', array( __CLASS__, 'status_as_wanted' ), 10, 3 );
	}

	public static function register(): void {
		register_rest_route(
			self::SPACE,
			'/queue',
			array(
				'methods'             => 'GET',
				'callback'            => array( __CLASS__, 'queue' ),
				'permission_callback' => array( __CLASS__, 'may' ),
				'args'                => self::queue_args(),
			)
		);
		register_rest_route(
			self::SPACE,
			'/verdicts',
			array(
				'methods'             => 'POST',
				'callback'            => array( __CLASS__, 'verdicts' ),
				'permission_callback' => array( __CLASS__, 'may' ),
			)
		);
	}

	private static function queue_args(): array {
		return array(
			'status'   => array(
				'type'    => 'string',
				'enum'    => array( 'hold', 'approve', 'approved', 'spam', 'trash' ),
				'default' => 'hold',
			),
			'after'    => array(
				'type'    => 'integer',
				'minimum' => 0,
				'default' => 0,
			),
			'per_page' => array(
				'type'    => 'integer',
				'minimum' => 1,
				'maximum' => Sluice_Queue::PAGE_MAX,
				'default' => Sluice_Queue::PAGE_MAX,
			),
		);
	}

	/** @return true|WP_Error */
	public static function may() {
		if ( current_user_can( 'moderate_comments' ) && current_user_can( 'edit_posts' ) ) {
			return true;
		}
		return new WP_Error(
			is_user_logged_in() ? 'sluice_forbidden' : 'sluice_not_logged_in',
			is_user_logged_in()
				? __( 'This user may not moderate comments; give sluice an Editor.', 'sluice' )
				: __( 'Nobody is logged in: user name or application password are wrong, or the Authorization header did not arrive.', 'sluice' ),
			array( 'status' => rest_authorization_required_code() )
		);
	}

	public static function queue( WP_REST_Request $request ): WP_REST_Response {
		return new WP_REST_Response(
			Sluice_Queue::page(
				Sluice_Comment::column( $request['status'] ),
				$request['after'],
				$request['per_page']
			)
		);
	}

	/** @return WP_REST_Response|WP_Error */
	public static function verdicts( WP_REST_Request $request ) {
		$items = $request->get_json_params()['verdicts'] ?? null;
		if ( ! is_array( $items ) ) {
			return new WP_Error( 'sluice_no_verdicts', __( 'A JSON object with a list "verdicts" is expected.', 'sluice' ), array( 'status' => 400 ) );
		}
		if ( count( $items ) > Sluice_Verdicts::REQUEST_MAX ) {
			return new WP_Error(
				'sluice_too_many',
				/* translators: 1: how many came, 2: how many are allowed. */
				sprintf( __( '%1$d verdicts at once; %2$d are allowed.', 'sluice' ), count( $items ), Sluice_Verdicts::REQUEST_MAX ),
				array( 'status' => 413 )
			);
		}
		return new WP_REST_Response( array( 'results' => Sluice_Verdicts::apply( array_values( $items ) ) ) );
	}

	/**
	 * WordPress's own route writes a comment's row anew for every change of
	 * status: the address and agent become the client's, the text is filtered
	 * once more. With nothing prepared it changes the status alone. A client
	 * that sends address and agent back, to save them, means the same.
	 *
	 * @param array|WP_Error  $prepared What WordPress would write.
	 * @param WP_REST_Request $request
	 */
	public static function only_status( $prepared, $request ) {
		$harmless = array( 'id', 'status', 'author_ip', 'author_user_agent', 'context', '_fields', '_locale', '_embed', '_method', '_wpnonce', 'rest_route' );
		$sent     = array_keys( $request->get_params() );
		if ( is_wp_error( $prepared ) || ! isset( $request['id'], $request['status'] ) || array_diff( $sent, $harmless ) ) {
			return $prepared;
		}
		$row = get_comment( $request['id'] );
		foreach ( array( 'author_ip' => 'comment_author_IP', 'author_user_agent' => 'comment_agent' ) as $field => $column ) {
			if ( isset( $request[ $field ] ) && ( ! $row || $request[ $field ] !== $row->$column ) ) {
				return $prepared;
			}
		}
		return array();
	}

	/**
	 * Where only the status would change and it is so already, WordPress says
	 * that the change failed; to clients that is news, so they get the comment.
	 *
	 * @param WP_REST_Response|WP_Error|mixed $response
	 * @param array                           $handler
	 * @param WP_REST_Request                 $request
	 */
	public static function status_as_wanted( $response, $handler, $request ) {
		$route = $handler['callback'] ?? null;
		if ( ! is_wp_error( $response ) || 'rest_comment_failed_edit' !== $response->get_error_code()
			|| ! is_array( $route ) || ! $route[0] instanceof WP_REST_Comments_Controller || ! is_string( $request['status'] ) ) {
			return $response;
		}
		$row = get_comment( $request['id'] );
		if ( ! $row || Sluice_Comment::column( $request['status'] ) !== $row->comment_approved ) {
			return $response;
		}
		$request->set_param( 'context', 'edit' );
		return $route[0]->prepare_item_for_response( $row, $request );
	}
}

Sluice_Routes::hooks();

endif;

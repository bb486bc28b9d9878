<?php
/**
 * Plugin Name:       sluice
 * Description:       Lets sluice judge this site's comments: reads the queue in one go, applies verdicts without touching anything but the status, and tells sluice at once what visitors write and moderators decide.
 * Version:           1.0.0
 * Requires at least: 5.6
 * Requires PHP:      7.4
 * Author:            The authors of sluice
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
 *   Sluice_Context    the post, the author and the comment it answers
 *   Sluice_Queue      GET sluice/v1/queue: what waits
 *   Sluice_Verdict    one of a request, and what became of it
 *   Sluice_Status     a change of status, as WordPress makes it
 *   Sluice_Meta       meta of many comments
 *   Sluice_Counts     approved comments of many posts
 *   Sluice_Verdicts   POST sluice/v1/verdicts: what sluice thinks of them
 *   Sluice_Akismet    the Akismet plugin, kept quiet or made to ask sluice
 *   Sluice_Settings   address and secret
 *   Sluice_Outbox     events that wait to be sent
 *   Sluice_Delivery   one of them on its way
 *   Sluice_Sender     when, and how often
 *   Sluice_Events     what is worth telling
 *   Sluice_Routes     the REST API's side of it all
 *   Sluice_Words      reasons in words
 *   Sluice_Column     the comments list in wp-admin
 *   Sluice_Page       the settings
 *   Sluice_Privacy    what is kept of a person, and how it goes
 *   Sluice_Setup      coming and going
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
		$rows    = self::of_status( self::rows( $ids['page'] ), $column );
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

	/** Without those that somebody has just decided. */
	private static function of_status( array $rows, string $column ): array {
		return array_values(
			array_filter(
				$rows,
				function ( $row ) use ( $column ) {
					return $row->comment_approved === $column;
				}
			)
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
			$verdict->settle( 'error', '', $wrong );
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
			$this->settle( 'gone', '', 'there is no such comment' );
			return true;
		}
		$is        = $row->comment_approved;
		$this->now = Sluice_Comment::hash( $row );
		if ( $is === $this->want ) {
			$this->settle( 'already', $is );
		} elseif ( $is !== $this->expect ) {
			$this->settle( 'skipped', $is, 'its status is ' . Sluice_Comment::status( $is ) );
		} elseif ( ! $this->is_of_now() ) {
			$this->settle( 'skipped', $is, 'it was edited' );
		}
		return '' !== $this->result;
	}

	/** @param string $column The status that the comment has now; '': nobody knows. */
	public function settle( string $result, string $column, string $message = '' ): void {
		$this->result  = $result;
		$this->message = $message;
		$this->status  = Sluice_Comment::status( $column );
	}

	/** Whether it rests on the content that the comment has. */
	private function is_of_now(): bool {
		return '' === $this->hash || $this->hash === $this->now;
	}

	/** Whether the comment has, or is to have, a status that it explains. */
	public function has_reasons(): bool {
		return in_array( $this->result, array( '', 'already' ), true )
			&& $this->is_of_now()
			&& ( isset( $this->said['reasons'] ) || isset( $this->said['p_spam'] ) );
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
			$json = (string) wp_json_encode( $meta );
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
	 * Writes the new status. To be called in a transaction that holds locks on
	 * the rows; it has to be undone if this returns false.
	 *
	 * @param object[] $rows As they are; all have another status.
	 * @param string   $want The column's new value.
	 */
	public static function write( array $rows, string $want ): bool {
		global $wpdb;

		$ids     = array_map( 'intval', array_column( $rows, 'comment_ID' ) );
		$changed = $wpdb->query( $wpdb->prepare( "UPDATE $wpdb->comments SET comment_approved = %s WHERE comment_ID IN (" . implode( ',', $ids ) . ')', $want ) );
		self::renew_cache( $rows, $want );
		return count( $rows ) === $changed;
	}

	/** The meta of a comment that becomes spam: number, key and value of each. */
	public static function trash_meta( object $row ): array {
		return array(
			array( $row->comment_ID, self::META[0], $row->comment_approved ),
			array( $row->comment_ID, self::META[1], time() ),
		);
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
	 * Fires what WordPress fires once all is done.
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
 */
final class Sluice_Meta {

	/**
	 * Comments in a list. For 200 and more MySQL does not look how many rows
	 * there are (eq_range_index_dive_limit); it may rather read the table.
	 */
	const LIST_MAX = 150;

	/**
	 * Of the keys named, each comment has afterwards what `$rows` say.
	 *
	 * What is to be removed is looked up first: a DELETE that finds nothing
	 * locks the gap where the rows would be, and two requests that then insert
	 * there wait for each other.
	 *
	 * @param array[] $keys Comment's number => keys.
	 * @param array[] $rows Comment's number, key and value of each.
	 */
	public static function replace( array $keys, array $rows ): bool {
		if ( ! $keys ) {
			return true;
		}
		$done = self::remove( $keys ) && self::add( $rows );
		foreach ( array_keys( $keys ) as $id ) {
			wp_cache_delete( $id, 'comment_meta' );
		}
		return $done;
	}

	private static function remove( array $keys ): bool {
		global $wpdb;

		$gone = array();
		foreach ( array_chunk( array_keys( $keys ), self::LIST_MAX ) as $ids ) {
			$found = $wpdb->get_results( "SELECT meta_id, comment_id, meta_key FROM $wpdb->commentmeta WHERE comment_id IN (" . implode( ',', array_map( 'intval', $ids ) ) . ')' );
			foreach ( (array) $found as $meta ) {
				if ( in_array( $meta->meta_key, $keys[ $meta->comment_id ], true ) ) {
					$gone[] = (int) $meta->meta_id;
				}
			}
		}
		return ! $gone || false !== $wpdb->query( "DELETE FROM $wpdb->commentmeta WHERE meta_id IN (" . implode( ',', $gone ) . ')' );
	}

	private static function add( array $rows ): bool {
		global $wpdb;

		return ! $rows || count( $rows ) === $wpdb->query(
			$wpdb->prepare(
				"INSERT INTO $wpdb->commentmeta (comment_id, meta_key, meta_value) VALUES " . implode( ',', array_fill( 0, count( $rows ), '(%d, %s, %s)' ) ),
				array_merge( ...$rows )
			)
		);
	}
}

/**
 * How many approved comments a post has, for many posts at once.
 *
 * WordPress asks the database three times for each of them. Here one query
 * counts and another one writes them all, with the posts locked: who approves
 * a comment meanwhile writes a number of their own, and after ours.
 */
final class Sluice_Counts {

	private static $posts = array();

	public static function defer( int $post ): void {
		self::$posts[ $post ] = $post;
	}

	/**
	 * What was deferred is counted and written now, and told as
	 * wp_update_comment_count_now() tells it.
	 */
	public static function make(): void {
		$ids         = self::$posts;
		self::$posts = array();
		_prime_post_caches( $ids, false, false );
		$posts = array_filter( array_map( 'get_post', $ids ) );
		$new   = $posts ? self::write( $posts ) : array();
		foreach ( $posts as $id => $post ) {
			if ( isset( $new[ $id ] ) ) {
				self::told( $post, $new[ $id ] );
			} else {
				wp_update_comment_count_now( $id );
			}
		}
		wp_defer_comment_counting( false );
	}

	/**
	 * Post's number => comments, as written; nothing if the database refuses.
	 *
	 * @param WP_Post[] $posts By their numbers.
	 */
	private static function write( array $posts ): array {
		global $wpdb;

		$others = self::by_plugins( $posts );
		$list   = implode( ',', array_keys( $posts ) );
		$when   = '';
		$wpdb->query( 'START TRANSACTION' );
		$wpdb->query( "SELECT ID FROM $wpdb->posts WHERE ID IN ($list) ORDER BY ID FOR UPDATE" );
		$new     = $others + self::count( $list ) + array_fill_keys( array_keys( $posts ), 0 );
		$counted = '' === $wpdb->last_error;
		foreach ( $new as $post => $nr ) {
			$when .= ' WHEN ' . (int) $post . ' THEN ' . (int) $nr;
		}
		if ( $counted && false !== $wpdb->query( "UPDATE $wpdb->posts SET comment_count = CASE ID$when END WHERE ID IN ($list)" ) && false !== $wpdb->query( 'COMMIT' ) ) {
			return $new;
		}
		$wpdb->query( 'ROLLBACK' );
		return array();
	}

	/** Where a plugin counts in its own way: post's number => comments. */
	private static function by_plugins( array $posts ): array {
		$counts = array();
		foreach ( $posts as $id => $post ) {
			$nr = apply_filters( 'pre_wp_update_comment_count_now', null, (int) $post->comment_count, $id );
			if ( null !== $nr ) {
				$counts[ $id ] = (int) $nr;
			}
		}
		return $counts;
	}

	/** Post's number => approved comments, if it has any. */
	private static function count( string $list ): array {
		global $wpdb;

		$found = $wpdb->get_results(
			"SELECT comment_post_ID AS post, COUNT(*) AS nr FROM $wpdb->comments
			WHERE comment_post_ID IN ($list) AND comment_approved = '1' AND " . Sluice_Queue::NO_NOTES . ' GROUP BY comment_post_ID'
		);
		return array_column( (array) $found, 'nr', 'post' );
	}

	private static function told( WP_Post $post, int $new ): void {
		wp_cache_delete( 'comments-0', 'counts' );
		wp_cache_delete( "comments-{$post->ID}", 'counts' );
		clean_post_cache( $post );
		do_action( 'wp_update_comment_count', $post->ID, $new, (int) $post->comment_count );
		do_action( "edit_post_{$post->post_type}", $post->ID, $post );
		do_action( 'edit_post', $post->ID, $post );
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
	const BATCH_FIRST   = 100;
	const BATCH_MAX     = 250;
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
		self::look( $verdicts );
		self::begin();
		try {
			self::apply_within( self::open( $verdicts ), microtime( true ) + self::REQUEST_SECONDS );
		} finally {
			self::end();
		}
		foreach ( self::open( $verdicts ) as $verdict ) {
			$verdict->settle( 'error', '', 'not tried: out of time; send it again' );
		}
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
				$verdict->settle( 'error', '', 'named twice in this request' );
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

	/** Settles those that want no change, and only bring their reasons. */
	private static function look( array $verdicts ): void {
		$notes = array();
		foreach ( self::open( $verdicts ) as $verdict ) {
			if ( $verdict->want === $verdict->expect ) {
				$notes[] = $verdict;
			}
		}
		$row = self::rows( $notes );
		foreach ( self::open( $notes ) as $verdict ) {
			$verdict->settled_by( $row[ $verdict->id ] ?? null );
		}
		self::write_meta( $notes, array(), array() );
	}

	/** Comment's number => row. If the database refuses, that settles them all. */
	private static function rows( array $verdicts, bool $lock = false ): array {
		global $wpdb;

		$rows = $verdicts ? Sluice_Queue::rows( array_column( $verdicts, 'id' ), $lock ) : array();
		if ( $verdicts && '' !== $wpdb->last_error ) {
			self::refused( $verdicts, $wpdb->last_error );
		}
		return array_column( $rows, null, 'comment_ID' );
	}

	/** Counts are made once a post, and nobody mistakes us for a person. */
	private static function begin(): void {
		global $wpdb;

		/* HyperDB would let a replica answer, which locks nothing. */
		if ( method_exists( $wpdb, 'send_reads_to_masters' ) ) {
			$wpdb->send_reads_to_masters();
		}
		self::$applying = true;
		/* Even if another plugin ends PHP on the way. */
		add_action( 'shutdown', array( 'Sluice_Counts', 'make' ) );
		Sluice_Akismet::silence( true );
		wp_defer_comment_counting( true );
	}

	private static function end(): void {
		Sluice_Counts::make();
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
		$row   = self::rows( $verdicts, true );
		$todo  = self::to_change( self::open( $verdicts ), $row );
		$done  = self::write( $todo, $row ) && self::write_meta( $verdicts, $todo, $row );
		$error = $wpdb->last_error;
		if ( $done && false !== $wpdb->query( 'COMMIT' ) ) {
			self::applied( $todo, $row );
		} else {
			$wpdb->query( 'ROLLBACK' );
			foreach ( $todo as $some ) {
				clean_comment_cache( array_keys( $some ) );
				self::refused( $some, $error );
			}
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
				$verdict->settle( 'error', $now->comment_approved, 'another plugin failed: ' . $failure->getMessage() );
			}
		}
		return $todo;
	}

	private static function write( array $todo, array $row ): bool {
		foreach ( $todo as $want => $some ) {
			if ( ! Sluice_Status::write( array_intersect_key( $row, $some ), (string) $want ) ) {
				return false;
			}
		}
		return true;
	}

	/** What WordPress remembers of spam, and for the comments list the reasons. */
	private static function write_meta( array $verdicts, array $todo, array $row ): bool {
		$keys = array();
		$meta = array();
		foreach ( $todo as $want => $some ) {
			foreach ( array_keys( $some ) as $id ) {
				$keys[ $id ] = Sluice_Status::META;
				if ( 'spam' === $want ) {
					array_push( $meta, ...Sluice_Status::trash_meta( $row[ $id ] ) );
				}
			}
		}
		foreach ( $verdicts as $verdict ) {
			if ( $verdict->has_reasons() ) {
				$keys[ $verdict->id ][] = self::META;
				$meta[]                 = array( $verdict->id, self::META, $verdict->meta() );
			}
		}
		return Sluice_Meta::replace( $keys, $meta );
	}

	/** It is done, whatever other plugins make of it. */
	private static function applied( array $todo, array $row ): void {
		$done = array_merge( ...array_values( array_map( 'array_values', $todo ) ) );
		foreach ( $done as $verdict ) {
			Sluice_Counts::defer( (int) $row[ $verdict->id ]->comment_post_ID );
		}
		foreach ( $done as $verdict ) {
			$message = '';
			try {
				Sluice_Status::after( $row[ $verdict->id ], $verdict->want );
			} catch ( Throwable $failure ) {
				$message = 'another plugin failed: ' . $failure->getMessage();
			}
			$verdict->settle( 'applied', $verdict->want, $message );
		}
	}

	private static function refused( array $verdicts, string $error ): void {
		foreach ( $verdicts as $verdict ) {
			$verdict->settle( 'error', $verdict->expect, 'the database refused; send it again: ' . $error );
		}
	}
}

/**
 * The Akismet plugin, as it is.
 *
 * It takes every change of status over REST for a person's and reports it:
 * our own verdicts would come back as lessons. So it does not hear of them.
 * And it may be made to ask sluice: there is no setting for its host, but
 * WordPress lets others answer a request.
 */
final class Sluice_Akismet {

	const HOST = 'rest.akismet.com';

	const LISTENER = array( 'Akismet', 'transition_comment_status' );

	/** Newer ones keep silent at this header. */
	const HEADER = 'HTTP_X_AKISMET_WEBHOOK';

	private static $priority = false;

	public static function hooks(): void {
		add_filter( 'pre_http_request', array( __CLASS__, 'redirect' ), 10, 3 );
	}

	public static function silence( bool $on ): void {
		if ( $on ) {
			$_SERVER[ self::HEADER ] = '1';
			self::$priority          = has_action( 'transition_comment_status', self::LISTENER );
			if ( false !== self::$priority ) {
				remove_action( 'transition_comment_status', self::LISTENER, self::$priority );
			}
			return;
		}
		unset( $_SERVER[ self::HEADER ] );
		if ( false !== self::$priority ) {
			add_action( 'transition_comment_status', self::LISTENER, self::$priority, 3 );
			self::$priority = false;
		}
	}

	/**
	 * @param false|array|WP_Error $answer False: nobody has answered it yet.
	 * @param array                $args   As for wp_remote_request().
	 * @param string               $url
	 */
	public static function redirect( $answer, $args, $url ) {
		$host = strtolower( (string) wp_parse_url( $url, PHP_URL_HOST ) );
		$key  = substr( $host, 0, -strlen( '.' . self::HOST ) );
		if ( false !== $answer || ( self::HOST !== $host && "$key." . self::HOST !== $host ) || ! Sluice_Settings::redirects_akismet() ) {
			return $answer;
		}
		if ( false !== stripos( Sluice_Settings::base(), self::HOST ) ) {
			return $answer;
		}
		$query = (string) wp_parse_url( $url, PHP_URL_QUERY );
		$to    = Sluice_Settings::base() . wp_parse_url( $url, PHP_URL_PATH ) . ( '' === $query ? '' : "?$query" );
		return wp_remote_request( $to, self::for_us( $args, self::HOST === $host ? '' : $key ) );
	}

	/** An old plugin has its key in the host's name, and nowhere else. */
	private static function for_us( array $args, string $key ): array {
		if ( isset( $args['headers'] ) && is_array( $args['headers'] ) ) {
			unset( $args['headers']['Host'], $args['headers']['host'] );
		}
		if ( '' === $key ) {
			return $args;
		}
		if ( is_array( $args['body'] ) ) {
			$args['body'] += array( 'api_key' => $key );
		} elseif ( false === strpos( '&' . $args['body'], '&api_key=' ) ) {
			$args['body'] .= '&api_key=' . rawurlencode( $key );
		}
		return $args;
	}
}

/**
 * Where sluice is, and the secret shared with it. Constants in wp-config.php
 * go before what the settings page has stored; in a network they are for its
 * main site, as each site has a webhook of its own.
 */
final class Sluice_Settings {

	const URL     = 'sluice_url';
	const SECRET  = 'sluice_secret';
	const AKISMET = 'sluice_akismet';

	/** Whether wp-config.php says it: SLUICE_URL or SLUICE_SECRET. */
	public static function is_fixed( string $constant ): bool {
		return defined( $constant ) && is_main_site();
	}

	/** The address of the webhook: http://host:port/v1/hooks/name. */
	public static function url(): string {
		return (string) ( self::is_fixed( 'SLUICE_URL' ) ? SLUICE_URL : get_option( self::URL, '' ) );
	}

	/** As text: whsec_ and base64. */
	public static function secret(): string {
		return (string) ( self::is_fixed( 'SLUICE_SECRET' ) ? SLUICE_SECRET : get_option( self::SECRET, '' ) );
	}

	/** The secret's bytes, or nothing. */
	public static function key(): string {
		return self::key_of( self::secret() );
	}

	/** The bytes of a secret that can be used: 24 to 64 of them; or nothing. */
	public static function key_of( string $secret ): string {
		if ( 'whsec_' !== substr( $secret, 0, 6 ) ) {
			return '';
		}
		$key = (string) base64_decode( substr( $secret, 6 ), true );
		return strlen( $key ) >= 24 && strlen( $key ) <= 64 ? $key : '';
	}

	public static function new_secret(): string {
		return 'whsec_' . base64_encode( random_bytes( 32 ) );
	}

	public static function ready(): bool {
		return '' !== self::url() && '' !== self::key();
	}

	public static function redirects_akismet(): bool {
		return (bool) get_option( self::AKISMET ) && '' !== self::base();
	}

	/** Where sluice's other doors are: the address up to the webhook's path. */
	public static function base(): string {
		return rtrim( preg_replace( '#/v1/hooks/[^/?\#]*/?$#', '', self::url() ), '/' );
	}
}

/**
 * Events that wait to be sent, in a table of their own: they outlive the
 * request that made them, the receiver's naps, and this server's.
 */
final class Sluice_Outbox {

	/** Rows; a visitor must not be able to fill a disk. */
	const ROWS_MAX = 20000;

	/** Seconds after which what was given up is forgotten. */
	const KEEP_FAILED = 30 * DAY_IN_SECONDS;

	const TABLE_VERSION = '1';

	const VERSION_OPTION = 'sluice_table';

	public static function table(): string {
		global $wpdb;

		return $wpdb->prefix . 'sluice_outbox';
	}

	/** As a must-use plugin nobody activates us, so each first use may come here. */
	public static function create(): void {
		global $wpdb;

		if ( self::exists() ) {
			return;
		}
		require_once ABSPATH . 'wp-admin/includes/upgrade.php';
		dbDelta(
			'CREATE TABLE ' . self::table() . " (
			id bigint(20) unsigned NOT NULL AUTO_INCREMENT,
			event_id varchar(40) NOT NULL DEFAULT '',
			comment_id bigint(20) unsigned NOT NULL DEFAULT 0,
			type varchar(32) NOT NULL DEFAULT '',
			body longtext NOT NULL,
			created int(10) unsigned NOT NULL DEFAULT 0,
			tries int(10) unsigned NOT NULL DEFAULT 0,
			next_try int(10) unsigned NOT NULL DEFAULT 0,
			failed tinyint(1) NOT NULL DEFAULT 0,
			error varchar(255) NOT NULL DEFAULT '',
			PRIMARY KEY  (id),
			KEY due (failed,next_try),
			KEY comment (comment_id)
			) " . $wpdb->get_charset_collate()
		);
		update_option( self::VERSION_OPTION, self::TABLE_VERSION );
	}

	public static function exists(): bool {
		return self::TABLE_VERSION === get_option( self::VERSION_OPTION );
	}

	/** Keeps an event; false if there is no room. The body is plain ASCII. */
	public static function add( string $type, int $comment, string $body ): bool {
		global $wpdb;

		self::create();
		Sluice_Sender::sweep_hourly();
		if ( self::full() ) {
			return false;
		}
		$added = $wpdb->query(
			$wpdb->prepare(
				'INSERT INTO ' . self::table() . ' (event_id, comment_id, type, body, created) VALUES (%s, %d, %s, %s, %d)',
				'evt_' . wp_generate_uuid4(),
				$comment,
				$type,
				$body,
				time()
			)
		);
		if ( ! $added ) {
			/* Somebody may have dropped the table; the next time makes it. */
			delete_option( self::VERSION_OPTION );
		}
		return (bool) $added;
	}

	private static function full(): bool {
		global $wpdb;

		return (int) $wpdb->get_var(
			$wpdb->prepare( 'SELECT COUNT(*) FROM (SELECT 1 FROM ' . self::table() . ' LIMIT %d) AS t', self::ROWS_MAX )
		) >= self::ROWS_MAX;
	}

	/** Those that wait behind no other of their comment. */
	private static function first_in_line(): string {
		$table = self::table();
		return "FROM $table AS o WHERE o.failed = 0 AND NOT EXISTS (
			SELECT 1 FROM $table AS e
			WHERE e.comment_id = o.comment_id AND e.id < o.id AND e.failed = 0)";
	}

	/** The oldest event to be sent now, or null. */
	public static function next(): ?object {
		global $wpdb;

		return $wpdb->get_row( $wpdb->prepare( 'SELECT o.* ' . self::first_in_line() . ' AND o.next_try <= %d ORDER BY o.id LIMIT 1', time() ) );
	}

	public static function sent( object $event ): void {
		global $wpdb;

		$wpdb->query( $wpdb->prepare( 'DELETE FROM ' . self::table() . ' WHERE id = %d', $event->id ) );
	}

	public static function later( object $event, int $when, string $error ): void {
		global $wpdb;

		$wpdb->query(
			$wpdb->prepare(
				'UPDATE ' . self::table() . ' SET tries = tries + 1, next_try = %d, error = %s WHERE id = %d',
				$when,
				self::cut( $error ),
				$event->id
			)
		);
	}

	/** Gives up on those made before: they stay for a while, to be looked at. */
	public static function give_up( int $before, string $error, int $id = 0 ): void {
		global $wpdb;

		$wpdb->query(
			$wpdb->prepare(
				'UPDATE ' . self::table() . ' SET failed = 1, error = %s WHERE failed = 0 AND created <= %d' . ( $id ? ' AND id = %d' : ' AND id > %d' ),
				self::cut( $error ),
				$before,
				$id
			)
		);
	}

	private static function cut( string $error ): string {
		return preg_replace( '/[^\x20-\x7e]/', '?', substr( $error, 0, 250 ) );
	}

	/** Sends again what was given up. */
	public static function retry(): int {
		global $wpdb;

		return self::exists() ? (int) $wpdb->query( $wpdb->prepare( 'UPDATE ' . self::table() . ' SET failed = 0, next_try = 0, tries = 0, created = %d WHERE failed = 1', time() ) ) : 0;
	}

	/** Removes what was given up. */
	public static function forget(): int {
		global $wpdb;

		return self::exists() ? (int) $wpdb->query( 'DELETE FROM ' . self::table() . ' WHERE failed = 1' ) : 0;
	}

	/** They hold what people wrote, and are not kept for ever. */
	public static function forget_old(): void {
		global $wpdb;

		if ( self::exists() ) {
			$wpdb->query( $wpdb->prepare( 'DELETE FROM ' . self::table() . ' WHERE failed = 1 AND created < %d', time() - self::KEEP_FAILED ) );
		}
	}

	/** What a deleted comment said is not sent after it. */
	public static function forget_comment( int $comment ): int {
		global $wpdb;

		return self::exists() ? (int) $wpdb->query( $wpdb->prepare( 'DELETE FROM ' . self::table() . ' WHERE comment_id = %d', $comment ) ) : 0;
	}

	/** When the next event is due, or 0 if none waits. */
	public static function due(): int {
		global $wpdb;

		if ( ! self::exists() ) {
			return 0;
		}
		$next = $wpdb->get_var( 'SELECT MIN(o.next_try) ' . self::first_in_line() );
		return null === $next ? 0 : max( time(), (int) $next );
	}

	/** How many wait and were given up, and the age of the oldest that waits. */
	public static function census(): array {
		global $wpdb;

		$row = self::exists() ? $wpdb->get_row( 'SELECT SUM(failed = 0) AS waiting, SUM(failed) AS failed, MIN(IF(failed = 0, created, NULL)) AS oldest FROM ' . self::table() ) : null;
		return array(
			'waiting'    => (int) ( $row->waiting ?? 0 ),
			'failed'     => (int) ( $row->failed ?? 0 ),
			'oldest_age' => isset( $row->oldest ) ? max( 0, time() - (int) $row->oldest ) : null,
		);
	}
}

/**
 * One POST to sluice, signed as Standard Webhooks has it, and what came of it.
 */
final class Sluice_Delivery {

	const TIMEOUT = 5;

	/** Clocks further apart than this, and a signature counts as old. */
	const SKEW_MAX = 300;

	/** Nothing, or one of: dns refused timeout tls blocked network secret clock address redirect busy server refused_event. */
	public $problem = '';
	public $message = '';
	public $status  = 0;
	public $ms      = 0;

	public static function post( string $id, string $body ): self {
		$url      = Sluice_Settings::url();
		$began    = microtime( true );
		$delivery = new self();
		$response = wp_remote_post(
			$url,
			array(
				'timeout'     => self::TIMEOUT,
				'redirection' => 0,
				'headers'     => self::headers( $id, time(), $body ),
				'body'        => $body,
			)
		);
		$delivery->ms = (int) round( 1000 * ( microtime( true ) - $began ) );
		if ( is_wp_error( $response ) ) {
			$delivery->no_answer( $response, (string) wp_parse_url( $url, PHP_URL_HOST ) );
		} else {
			$delivery->answer( $response );
		}
		return $delivery;
	}

	private static function headers( string $id, int $time, string $body ): array {
		$signature = base64_encode( hash_hmac( 'sha256', "$id.$time.$body", Sluice_Settings::key(), true ) );
		return array(
			'Content-Type'      => 'application/json',
			'webhook-id'        => $id,
			'webhook-timestamp' => (string) $time,
			'webhook-signature' => "v1,$signature",
		);
	}

	public function ok(): bool {
		return '' === $this->problem;
	}

	/** Whether the receiver has something against this event alone. */
	public function event_refused(): bool {
		return 'refused_event' === $this->problem;
	}

	/** WordPress has a text only; its words are cURL's, or PHP's own. */
	private function no_answer( WP_Error $error, string $host ): void {
		$said  = $error->get_error_message();
		$known = array(
			/* translators: %s: the name of a host. */
			'dns'     => array( '/cURL error 6:|getaddrinfo|name or service not known/i', __( 'The name %s is not known (DNS). Look at the address.', 'sluice' ) ),
			/* translators: %s: the name of a host. */
			'refused' => array( '/cURL error 7:|connection refused/i', __( 'Nothing answers at %s and this port: sluice is not running there, listens on another address or port, or a firewall is between.', 'sluice' ) ),
			/* translators: %s: the name of a host. */
			'timeout' => array( '/cURL error 28:|timed out/i', __( 'No answer from %s in time: a firewall drops the connection, or sluice is too busy.', 'sluice' ) ),
			/* translators: %s: the name of a host. */
			'tls'     => array( '/cURL error (35|51|58|60|77):|SSL|certificate/i', __( 'No secure connection to %s: its certificate is not valid for this name, or not from an authority this server knows.', 'sluice' ) ),
			/* translators: %s: the name of a host. */
			'blocked' => array( '/blocked requests|not allowed|A valid URL/i', __( 'WordPress itself did not send it: WP_HTTP_BLOCK_EXTERNAL is set in wp-config.php; add %s to WP_ACCESSIBLE_HOSTS.', 'sluice' ) ),
		);
		$this->problem = 'network';
		$this->message = $said;
		foreach ( $known as $problem => $how ) {
			if ( preg_match( $how[0], $said ) ) {
				$this->problem = $problem;
				$this->message = sprintf( $how[1], $host ) . " ($said)";
				return;
			}
		}
	}

	/** @param array $response As wp_remote_post() gives it. */
	private function answer( array $response ): void {
		$this->status = (int) wp_remote_retrieve_response_code( $response );
		$skew         = self::skew( (string) wp_remote_retrieve_header( $response, 'date' ) );
		if ( $this->status >= 200 && $this->status < 300 ) {
			return;
		}
		if ( in_array( $this->status, array( 400, 401, 403 ), true ) && abs( $skew ) > self::SKEW_MAX ) {
			$this->problem = 'clock';
			/* translators: %d: a number of seconds. */
			$this->message = sprintf( __( 'The clocks of this server and of sluice are %d seconds apart; set them, by NTP.', 'sluice' ), abs( $skew ) );
			return;
		}
		$this->name_status( (string) wp_remote_retrieve_header( $response, 'location' ) );
		$said = self::words_of( wp_remote_retrieve_body( $response ) );
		if ( '' !== $said ) {
			$this->message .= " ($said)";
		}
	}

	/** What an answer says to people; sluice's are JSON. Not escaped. */
	private static function words_of( string $body ): string {
		$json = json_decode( $body, true );
		$said = is_array( $json ) ? ( $json['error']['message'] ?? '' ) : $body;
		$said = is_string( $said ) ? Sluice_Comment::beginning( Sluice_Comment::utf8( $said ), 200 ) : '';
		return trim( preg_replace( '/[\x00-\x1f\x7f]+/', ' ', $said ) );
	}

	/** Seconds that the receiver's clock is ahead. */
	private static function skew( string $date ): int {
		$theirs = '' === $date ? false : strtotime( $date );
		return false === $theirs ? 0 : $theirs - time();
	}

	private function name_status( string $location ): void {
		$code = $this->status;
		if ( 401 === $code || 403 === $code ) {
			$this->problem = 'secret';
			$this->message = __( 'sluice does not accept the signature: its secret for this site is another one.', 'sluice' );
		} elseif ( 404 === $code || 405 === $code || 410 === $code ) {
			$this->problem = 'address';
			$this->message = __( 'There is a server, but no webhook of sluice at this path: it ends in /v1/hooks/ and the name this site has in sluice.conf.', 'sluice' );
		} elseif ( $code >= 300 && $code < 400 ) {
			$this->problem = 'redirect';
			/* translators: %s: an address. */
			$this->message = sprintf( __( 'Sent on to another address, which is not followed; is that the right one? %s', 'sluice' ), esc_url_raw( $location ) );
		} elseif ( 429 === $code || 503 === $code ) {
			$this->problem = 'busy';
			$this->message = __( 'sluice is busy, or is just starting or stopping.', 'sluice' );
		} elseif ( $code >= 400 && $code < 500 ) {
			$this->problem = 'refused_event';
			/* translators: %d: a status of HTTP. */
			$this->message = sprintf( __( 'sluice did not take this event (HTTP %d).', 'sluice' ), $code );
		} else {
			$this->problem = 'server';
			/* translators: %d: a status of HTTP. */
			$this->message = sprintf( __( 'The server answers with an error (HTTP %d).', 'sluice' ), $code );
		}
	}
}

/**
 * Sends what is in the outbox: after the response where PHP can do that, and
 * by wp-cron.
 *
 * There is one sender at a time, so that events stay in order and a receiver
 * that does not answer holds one PHP worker, not all. After a failure nobody
 * tries for a while, longer each time. What could not be sent for a day is
 * given up, but kept for a month.
 */
final class Sluice_Sender {

	const SEND  = 'sluice_send';
	const SWEEP = 'sluice_sweep';
	const LOCK  = 'sluice_lock';
	const STATE = 'sluice_state';

	/** After a visitor's request: how many at most, and for how long. */
	const REQUEST_EVENTS  = 20;
	const REQUEST_SECONDS = 10;

	/** By wp-cron. */
	const CRON_EVENTS  = 1000;
	const CRON_SECONDS = 40;

	/** Seconds after the first failure, doubled after each, and their end. */
	const DELAY_FIRST = 10;
	const DELAY_MAX   = 3600;

	const KEEP_TRYING = 86400;

	/** A sender that died gives up its place. */
	const LOCK_SECONDS = 90;

	private static $wanted = false;

	public static function hooks(): void {
		add_action( 'shutdown', array( __CLASS__, 'after_response' ), PHP_INT_MAX );
		add_action( self::SEND, array( __CLASS__, 'by_cron' ) );
		add_action( self::SWEEP, array( __CLASS__, 'by_cron' ) );
	}

	/** There is something new to send at the end of this request. */
	public static function want(): void {
		self::$wanted = true;
	}

	public static function after_response(): void {
		if ( ! self::$wanted ) {
			return;
		}
		self::$wanted = false;
		if ( ! self::is_down() && self::detach() ) {
			self::run( self::REQUEST_EVENTS, self::REQUEST_SECONDS );
		}
		self::schedule();
	}

	/** Finds what a request that died has left without an appointment. */
	public static function sweep_hourly(): void {
		if ( ! wp_next_scheduled( self::SWEEP ) ) {
			wp_schedule_event( time() + HOUR_IN_SECONDS, 'hourly', self::SWEEP );
		}
	}

	public static function by_cron(): void {
		Sluice_Outbox::forget_old();
		if ( ! self::is_down() ) {
			self::run( self::CRON_EVENTS, self::CRON_SECONDS );
		}
		self::schedule();
	}

	/** Lets the visitor go; false where PHP cannot, and he would wait. */
	public static function detach(): bool {
		ignore_user_abort( true );
		if ( PHP_SESSION_ACTIVE === session_status() ) {
			session_write_close();
		}
		if ( function_exists( 'fastcgi_finish_request' ) ) {
			fastcgi_finish_request();
			return true;
		}
		if ( function_exists( 'litespeed_finish_request' ) ) {
			litespeed_finish_request();
			return true;
		}
		return 'cli' === PHP_SAPI;
	}

	public static function can_detach(): bool {
		return function_exists( 'fastcgi_finish_request' ) || function_exists( 'litespeed_finish_request' );
	}

	/** @return array down_until, fails, last_error, last_error_at, last_ok_at, dropped */
	public static function state(): array {
		$state = get_option( self::STATE, array() );
		return ( is_array( $state ) ? $state : array() ) + array(
			'down_until'    => 0,
			'fails'         => 0,
			'last_error'    => '',
			'last_error_at' => 0,
			'last_ok_at'    => 0,
			'dropped'       => 0,
		);
	}

	private static function set_state( array $changes ): void {
		update_option( self::STATE, $changes + self::state(), false );
	}

	public static function count_dropped(): void {
		self::set_state( array( 'dropped' => self::state()['dropped'] + 1 ) );
	}

	private static function is_down(): bool {
		return self::state()['down_until'] > time();
	}

	/** Somebody has changed the settings, or asks for it: try at once. */
	public static function close_circuit(): void {
		self::set_state( array( 'down_until' => 0, 'fails' => 0 ) );
	}

	private static function run( int $events, int $seconds ): void {
		if ( ! Sluice_Settings::ready() || ! Sluice_Outbox::exists() ) {
			return;
		}
		$until = microtime( true ) + $seconds;
		do {
			$lock = self::lock();
			if ( '' === $lock ) {
				return;
			}
			try {
				$more = self::send_some( $events, $until );
			} finally {
				self::unlock( $lock );
			}
			/* Who came with an event while we held the lock, left it to us. */
		} while ( $more && Sluice_Outbox::next() );
	}

	/** True if nothing is left; false if it has to be enough for now. */
	private static function send_some( int &$events, float $until ): bool {
		while ( $events > 0 && microtime( true ) < $until ) {
			$event = Sluice_Outbox::next();
			if ( ! $event ) {
				return true;
			}
			--$events;
			if ( ! self::send( $event ) ) {
				return false;
			}
		}
		return false;
	}

	/** False if the receiver is down. */
	private static function send( object $event ): bool {
		$delivery = Sluice_Delivery::post( $event->event_id, $event->body );
		if ( $delivery->ok() ) {
			Sluice_Outbox::sent( $event );
			self::works();
			return true;
		}
		$delay = self::delay( (int) $event->tries );
		Sluice_Outbox::later( $event, $delivery->event_refused() ? time() + $delay : 0, $delivery->message );
		if ( $delivery->event_refused() ) {
			Sluice_Outbox::give_up( time() - self::KEEP_TRYING, $delivery->message, (int) $event->id );
			return true;
		}
		self::fails( $delivery->message );
		return false;
	}

	private static function delay( int $fails ): int {
		return (int) min( self::DELAY_MAX, self::DELAY_FIRST * 2 ** min( $fails, 20 ) );
	}

	/** Once a minute will do, where nothing was wrong. */
	private static function works(): void {
		$state = self::state();
		if ( $state['fails'] || $state['last_ok_at'] < time() - MINUTE_IN_SECONDS ) {
			self::set_state( array( 'down_until' => 0, 'fails' => 0, 'last_ok_at' => time() ) );
		}
	}

	private static function fails( string $error ): void {
		$fails = self::state()['fails'];
		self::set_state(
			array(
				'down_until'    => time() + self::delay( $fails ),
				'fails'         => $fails + 1,
				'last_error'    => $error,
				'last_error_at' => time(),
			)
		);
		Sluice_Outbox::give_up( time() - self::KEEP_TRYING, $error );
	}

	/** wp-cron comes back when something is due and the receiver may be up. */
	public static function schedule(): void {
		$due = Sluice_Outbox::due();
		if ( $due && Sluice_Settings::ready() && ! wp_next_scheduled( self::SEND ) ) {
			wp_schedule_single_event( max( $due, self::state()['down_until'] ), self::SEND );
		}
	}

	/**
	 * The place of the one sender, or nothing. The row says until when it is
	 * taken; an UPDATE that finds it free takes it.
	 */
	private static function lock(): string {
		global $wpdb;

		$mine = sprintf( '%d.%06d', time() + self::LOCK_SECONDS, random_int( 0, 999999 ) );
		$got  = $wpdb->query( $wpdb->prepare( "UPDATE $wpdb->options SET option_value = %s WHERE option_name = %s AND LEFT(option_value, 10) < %s", $mine, self::LOCK, (string) time() ) );
		if ( ! $got ) {
			$got = $wpdb->query( $wpdb->prepare( "INSERT IGNORE INTO $wpdb->options (option_name, option_value, autoload) VALUES (%s, %s, 'no')", self::LOCK, $mine ) );
		}
		return $got ? $mine : '';
	}

	private static function unlock( string $mine ): void {
		global $wpdb;

		$wpdb->query( $wpdb->prepare( "UPDATE $wpdb->options SET option_value = '0' WHERE option_name = %s AND option_value = %s", self::LOCK, $mine ) );
	}

	/** Sends an event that means nothing, past the outbox. */
	public static function test(): Sluice_Delivery {
		$delivery = Sluice_Delivery::post( 'evt_' . wp_generate_uuid4(), Sluice_Events::body( 'sluice.test', array( 'site' => home_url(), 'version' => SLUICE_VERSION ) ) );
		if ( $delivery->ok() ) {
			self::close_circuit();
			self::want();
		}
		return $delivery;
	}
}

/**
 * What is worth telling: new comments, edits, and moderators' decisions.
 */
final class Sluice_Events {

	/** Internal records that some plugins keep as comments. */
	const NOT_OURS = array( 'note', 'order_note', 'webhook_delivery', 'action_log' );

	/** Fingerprints of comments that are just being edited. */
	private static $before = array();

	/** Posts that are just being deleted. */
	private static $posts_gone = array();

	/** A moderator says that sluice was wrong, and here is the change. */
	private static $wrong = false;

	public static function hooks(): void {
		add_action( 'wp_insert_comment', array( __CLASS__, 'created' ), 100, 2 );
		add_filter( 'wp_update_comment_data', array( __CLASS__, 'before_edit' ), 100, 2 );
		add_action( 'edit_comment', array( __CLASS__, 'edited' ), 100 );
		add_action( 'transition_comment_status', array( __CLASS__, 'decided' ), 100, 3 );
		add_action( 'deleted_comment', array( __CLASS__, 'deleted' ), 100 );
		add_action( 'before_delete_post', array( __CLASS__, 'post_goes' ) );
	}

	/** The only hook that fires however a comment came. */
	public static function created( $id, $comment ): void {
		if ( $comment instanceof WP_Comment ) {
			self::tell( 'comment.created', $comment, array() );
		}
	}

	/**
	 * @param array|WP_Error $data What is to be written; passed on.
	 * @param array          $old  The row as it is, slashed.
	 */
	public static function before_edit( $data, $old ) {
		if ( is_array( $old ) && isset( $old['comment_ID'] ) && Sluice_Settings::ready() ) {
			self::$before[ (int) $old['comment_ID'] ] = Sluice_Comment::hash( (object) wp_unslash( $old ) );
		}
		return $data;
	}

	/** WordPress says so of each write; ours to tell is another content. */
	public static function edited( $id ): void {
		$before  = self::$before[ (int) $id ] ?? '';
		$comment = get_comment( $id );
		unset( self::$before[ (int) $id ] );
		if ( $comment && '' !== $before && Sluice_Comment::hash( $comment ) !== $before ) {
			self::tell( 'comment.edited', $comment, array( 'by' => self::person() ) );
		}
	}

	public static function decided( $new, $old, $comment ): void {
		$word = array(
			'unapproved' => 'hold',
			'delete'     => 'trash',
		);
		$new  = $word[ $new ] ?? $new;
		$old  = $word[ $old ] ?? $old;
		if ( $new === $old || ( 'trash' === $new && 'spam' === $old ) || ! self::is_decision( $comment ) ) {
			return;
		}
		$data = array(
			'status'     => $new,
			'old_status' => $old,
			'by'         => self::person(),
		);
		self::tell( 'comment.decided', $comment, $data + ( self::$wrong ? array( 'wrong' => true ) : array() ) );
	}

	/** By a person; not by us, nor by the Akismet plugin looking again. */
	private static function is_decision( $comment ): bool {
		return ! Sluice_Verdicts::applying()
			&& $comment instanceof WP_Comment
			&& '' !== self::person()
			&& ! wp_doing_cron()
			&& ! defined( 'WP_IMPORTING' )
			&& ! isset( self::$posts_gone[ (int) $comment->comment_post_ID ] )
			&& ! get_comment_meta( $comment->comment_ID, 'akismet_rechecking', true );
	}

	/** The moderator behind this request, or nothing. */
	private static function person(): string {
		return current_user_can( 'moderate_comments' ) ? wp_get_current_user()->user_login : '';
	}

	/** Its comments go with it, which is no decision on them. */
	public static function post_goes( $id ): void {
		self::$posts_gone[ (int) $id ] = true;
	}

	public static function deleted( $id ): void {
		Sluice_Outbox::forget_comment( (int) $id );
	}

	/** Runs what changes a status as said by one who found us wrong. */
	public static function as_wrong( callable $change ) {
		self::$wrong = true;
		try {
			return $change();
		} finally {
			self::$wrong = false;
		}
	}

	/**
	 * Never fails the request it runs in: what happens here is none of the
	 * visitor's business.
	 */
	private static function tell( string $type, WP_Comment $comment, array $data ): void {
		if ( ! Sluice_Settings::ready() || in_array( $comment->comment_type, self::NOT_OURS, true ) ) {
			return;
		}
		try {
			$context = new Sluice_Context( array( $comment ) );
			$data    = array( 'comment' => $context->object_with_post( $comment ) ) + $data + array(
				'status' => Sluice_Comment::status( $comment->comment_approved ),
				'source' => self::source(),
			);
			if ( Sluice_Outbox::add( $type, (int) $comment->comment_ID, self::body( $type, $data ) ) ) {
				Sluice_Sender::want();
			} else {
				Sluice_Sender::count_dropped();
			}
		} catch ( Throwable $failure ) {
			error_log( 'sluice: ' . $failure->getMessage() );
		}
	}

	public static function body( string $type, array $data ): string {
		return (string) wp_json_encode(
			array(
				'type'      => $type,
				'timestamp' => gmdate( 'Y-m-d\TH:i:s\Z' ),
				'data'      => $data,
			)
		);
	}

	/** Through which door of WordPress it came. */
	private static function source(): string {
		if ( wp_doing_cron() ) {
			return 'cron';
		}
		if ( ( defined( 'REST_REQUEST' ) && REST_REQUEST ) || ( defined( 'XMLRPC_REQUEST' ) && XMLRPC_REQUEST ) ) {
			return 'rest';
		}
		return is_admin() && '' !== self::person() ? 'admin' : 'plugin';
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
		$routes = array(
			'queue'    => 'GET',
			'verdicts' => 'POST',
			'status'   => 'GET',
			'test'     => 'POST',
		);
		foreach ( $routes as $name => $method ) {
			register_rest_route(
				self::SPACE,
				"/$name",
				array(
					'methods'             => $method,
					'callback'            => array( __CLASS__, $name ),
					'permission_callback' => array( __CLASS__, 'may' ),
					'args'                => 'queue' === $name ? self::queue_args() : array(),
				)
			);
		}
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
			array(
				'status'        => rest_authorization_required_code(),
				/* A login that a web server drops looks like none. */
				'authorization' => isset( $_SERVER['PHP_AUTH_USER'] ),
			)
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

	/** How things are here, for "sluice doctor". */
	public static function status(): WP_REST_Response {
		$state = Sluice_Sender::state();
		return new WP_REST_Response(
			array(
				'api'      => 1,
				'version'  => SLUICE_VERSION,
				'php'      => PHP_VERSION,
				'wp'       => get_bloginfo( 'version' ),
				'time'     => time(),
				'cron'     => ! ( defined( 'DISABLE_WP_CRON' ) && DISABLE_WP_CRON ),
				'detaches' => Sluice_Sender::can_detach(),
				'webhook'  => Sluice_Outbox::census() + array(
					'ready'         => Sluice_Settings::ready(),
					'url'           => Sluice_Settings::url(),
					'has_secret'    => '' !== Sluice_Settings::key(),
					'last_error'    => $state['last_error'],
					'last_error_at' => $state['last_error_at'],
					'last_ok_at'    => $state['last_ok_at'],
					'down_until'    => $state['down_until'],
					'dropped'       => $state['dropped'],
				),
				'akismet'  => array(
					'active'     => class_exists( 'Akismet', false ),
					'redirected' => Sluice_Settings::redirects_akismet(),
				),
			)
		);
	}

	/** Sends a test event, and says what came of it. */
	public static function test(): WP_REST_Response {
		if ( ! Sluice_Settings::ready() ) {
			return new WP_REST_Response(
				array(
					'ok'      => false,
					'problem' => 'settings',
					'message' => __( 'Address or secret are missing; see Settings, sluice.', 'sluice' ),
				)
			);
		}
		$test = Sluice_Sender::test();
		return new WP_REST_Response(
			array(
				'ok'      => $test->ok(),
				'problem' => $test->problem,
				'message' => $test->message,
				'http'    => $test->status,
				'ms'      => $test->ms,
			)
		);
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
		$harmless = array( 'id', 'status', 'author_ip', 'author_user_agent', 'context', '_fields', '_locale', '_embed', '_envelope', '_method', '_wpnonce', 'rest_route' );
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

/**
 * Reasons in words.
 */
final class Sluice_Words {

	/** Said as they are, in quotation marks. */
	const QUOTED = array( 'word', 'phrase', 'word_pair', 'word_part' );

	/** Characters of evidence shown. */
	const EVIDENCE_MAX = 60;

	/** One reason, for people; not escaped. */
	public static function reason( array $reason ): string {
		$feature  = (string) ( $reason['feature'] ?? '' );
		$evidence = self::short( (string) ( $reason['evidence'] ?? '' ) );
		if ( '' !== $evidence && in_array( $feature, self::QUOTED, true ) ) {
			/* translators: %s: a word or two out of a comment. */
			return sprintf( __( '“%s”', 'sluice' ), $evidence );
		}
		$meaning = self::meanings()[ $feature ] ?? str_replace( '_', ' ', $feature );
		return '' === $evidence ? $meaning : "$meaning ($evidence)";
	}

	private static function short( string $text ): string {
		return mb_strlen( $text ) > self::EVIDENCE_MAX ? mb_substr( $text, 0, self::EVIDENCE_MAX ) . '…' : $text;
	}

	/** @return array Feature => meaning; sluice's own list, in its order. */
	public static function meanings(): array {
		return array(
			'link_any'           => __( 'has a link', 'sluice' ),
			'link_many'          => __( 'many links', 'sluice' ),
			'link_density'       => __( 'much of it is links', 'sluice' ),
			'link_only'          => __( 'hardly anything but a link', 'sluice' ),
			'link_html'          => __( 'clickable HTML links', 'sluice' ),
			'link_bbcode'        => __( 'forum link code', 'sluice' ),
			'link_mixed'         => __( 'links in several notations', 'sluice' ),
			'link_disguised'     => __( 'a disguised link', 'sluice' ),
			'link_same_host'     => __( 'the same host again and again', 'sluice' ),
			'link_shortener'     => __( 'a shortened link', 'sluice' ),
			'link_messenger'     => __( 'an invitation to a messenger', 'sluice' ),
			'link_home'          => __( 'a link to a bare front page', 'sluice' ),
			'link_at_end'        => __( 'ends in a link', 'sluice' ),
			'contact_phone'      => __( 'a telephone number', 'sluice' ),
			'contact_email'      => __( 'a mail address in the text', 'sluice' ),
			'contact_handle'     => __( 'an account name to write to', 'sluice' ),
			'anchor_words'       => __( 'an anchor of several words', 'sluice' ),
			'anchor_in_host'     => __( 'an anchor that spells its host', 'sluice' ),
			'anchor_is_author'   => __( 'an anchor with the author\'s name', 'sluice' ),
			'author_is_host'     => __( 'the author\'s name is a web address', 'sluice' ),
			'author_in_url'      => __( 'the author\'s name spells the web site', 'sluice' ),
			'author_long'        => __( 'an author\'s name of many words', 'sluice' ),
			'author_lower'       => __( 'an author\'s name of small letters', 'sluice' ),
			'author_random'      => __( 'an author\'s name of random letters', 'sluice' ),
			'author_disguise'    => __( 'an author\'s name in disguised letters', 'sluice' ),
			'url_deep'           => __( 'a web site deep below its front page', 'sluice' ),
			'url_in_body'        => __( 'the author\'s web site again in the text', 'sluice' ),
			'context_title'      => __( 'shares words with the title', 'sluice' ),
			'context_post'       => __( 'shares words with the article', 'sluice' ),
			'context_none'       => __( 'says nothing about the article', 'sluice' ),
			'context_copy'       => __( 'copies the article', 'sluice' ),
			'context_anchor'     => __( 'links to what the article is not about', 'sluice' ),
			'context_reply'      => __( 'takes up the comment it answers', 'sluice' ),
			'shape_capitals'     => __( 'shouting in capitals', 'sluice' ),
			'shape_digits'       => __( 'many digits', 'sluice' ),
			'shape_exclaim'      => __( 'exclamation marks', 'sluice' ),
			'shape_repeats'      => __( 'drawn-out letters', 'sluice' ),
			'shape_emoji'        => __( 'many emoji', 'sluice' ),
			'shape_random'       => __( 'random letters', 'sluice' ),
			'shape_same_words'   => __( 'the same words again and again', 'sluice' ),
			'shape_spintax'      => __( 'an unfilled template', 'sluice' ),
			'shape_cut_quote'    => __( 'cut out of another page', 'sluice' ),
			'shape_short'        => __( 'a few words only', 'sluice' ),
			'disguise_mixed'     => __( 'words of letters from several scripts', 'sluice' ),
			'disguise_invisible' => __( 'invisible characters', 'sluice' ),
			'disguise_bidi'      => __( 'reversed reading order', 'sluice' ),
			'disguise_fancy'     => __( 'fancy letters', 'sluice' ),
			'disguise_marks'     => __( 'heaped accents', 'sluice' ),
			'disguise_leet'      => __( 'digits in place of letters', 'sluice' ),
			'disguise_spaced'    => __( 'words set letter by letter', 'sluice' ),
			'disguise_entity'    => __( 'letters written as codes', 'sluice' ),
			'disguise_hidden'    => __( 'text hidden from readers', 'sluice' ),
			'allow_list'         => __( 'on the allow list', 'sluice' ),
			'deny_list'          => __( 'on the deny list', 'sluice' ),
			'too_long'           => __( 'too long to be read whole', 'sluice' ),
			'trap'               => __( 'filled in a field that people don\'t see', 'sluice' ),
			'haste'              => __( 'sent sooner than a person could', 'sluice' ),
			'no_words'           => __( 'no words in it', 'sluice' ),
			'unknown_language'   => __( 'unlike anything learned', 'sluice' ),
			'abuse_threat'       => __( 'looks like a threat', 'sluice' ),
			'abuse_identity'     => __( 'looks like hate of a group', 'sluice' ),
			'abuse_insult'       => __( 'looks like an insult', 'sluice' ),
			'abuse_obscene'      => __( 'looks obscene', 'sluice' ),
			'seen_before'        => __( 'people judged others like it', 'sluice' ),
			'seen_often'         => __( 'comes again and again', 'sluice' ),
			'seen_from_many'     => __( 'comes under several names', 'sluice' ),
			'known_email'        => __( 'mail address known here', 'sluice' ),
			'known_mail_domain'  => __( 'mail domain known here', 'sluice' ),
			'known_ip'           => __( 'IP address known here', 'sluice' ),
			'known_net'          => __( 'network known here', 'sluice' ),
			'known_host'         => __( 'web site known here', 'sluice' ),
			'known_domain'       => __( 'domain known here', 'sluice' ),
			'known_author'       => __( 'author known here', 'sluice' ),
			'links'              => __( 'links', 'sluice' ),
			'context'            => __( 'what the article is about', 'sluice' ),
			'phrase'             => __( 'words of the text', 'sluice' ),
			'word'               => __( 'words of the text', 'sluice' ),
			'word_pair'          => __( 'words of the text', 'sluice' ),
			'word_part'          => __( 'parts of words', 'sluice' ),
			'author_name'        => __( 'the author\'s name', 'sluice' ),
			'author_url'         => __( 'the author\'s web site', 'sluice' ),
			'anchor'             => __( 'the words of a link', 'sluice' ),
		);
	}

	public static function verdict( string $verdict ): string {
		$words = array(
			'approve' => __( 'fine', 'sluice' ),
			'spam'    => __( 'spam', 'sluice' ),
			'hold'    => __( 'in doubt', 'sluice' ),
		);
		return $words[ $verdict ] ?? $verdict;
	}

	/** A probability as people read it: never 0 nor 100 per cent. */
	public static function percent( float $probability ): string {
		if ( $probability < 0.01 ) {
			return '<1%';
		}
		return $probability > 0.99 ? '>99%' : round( 100 * $probability ) . '%';
	}
}

/**
 * The comments list of wp-admin: a column with the verdict and why, and a way
 * to say that it was wrong.
 *
 * "Was wrong" stands where the comment still is what sluice made of it, and
 * does what a moderator then wants: spam is approved, what was approved is
 * spam. sluice is told both. A comment in doubt has no such link: approving it
 * or not is WordPress's own, and is told as well.
 */
final class Sluice_Column {

	const ACTION = 'sluice_wrong';

	/** Reasons shown. */
	const REASONS = 3;

	public static function hooks(): void {
		add_filter( 'manage_edit-comments_columns', array( __CLASS__, 'add' ) );
		add_action( 'manage_comments_custom_column', array( __CLASS__, 'show' ), 10, 2 );
		add_filter( 'comment_row_actions', array( __CLASS__, 'action' ), 10, 2 );
		add_action( 'admin_post_' . self::ACTION, array( __CLASS__, 'wrong' ) );
		add_action( 'admin_notices', array( __CLASS__, 'notice' ) );
		add_action( 'admin_head-edit-comments.php', array( __CLASS__, 'style' ) );
		add_filter( 'removable_query_args', array( __CLASS__, 'once' ) );
	}

	/** Behind the comment itself. */
	public static function add( array $columns ): array {
		$at = array_search( 'comment', array_keys( $columns ), true );
		$at = false === $at ? count( $columns ) : $at + 1;
		return array_slice( $columns, 0, $at ) + array( 'sluice' => 'sluice' ) + array_slice( $columns, $at );
	}

	public static function style(): void {
		echo '<style>.column-sluice{width:14em}.sluice-reasons{margin:.3em 0 0;overflow-wrap:anywhere}.sluice-reasons li{margin:0 0 .4em;line-height:1.35}.sluice-spam{color:#b32d2e}.sluice-approve{color:#007017}.sluice-hold{color:#8a5a00}</style>';
	}

	/** What sluice said of a comment, or nothing. */
	private static function meta( $id ): array {
		$meta = json_decode( (string) get_comment_meta( (int) $id, Sluice_Verdicts::META, true ), true );
		return is_array( $meta ) && isset( $meta['verdict'] ) && is_string( $meta['verdict'] ) ? $meta : array();
	}

	public static function show( $column, $id ): void {
		$meta = 'sluice' === $column ? self::meta( $id ) : array();
		if ( ! $meta ) {
			return;
		}
		printf(
			'<strong class="sluice-%s">%s</strong> %s',
			esc_attr( sanitize_html_class( $meta['verdict'] ) ),
			esc_html( Sluice_Words::verdict( $meta['verdict'] ) ),
			esc_html( self::certainty( $meta ) )
		);
		if ( ( $meta['hash'] ?? '' ) !== Sluice_Comment::hash( get_comment( $id ) ) ) {
			echo '<br>' . esc_html__( 'before it was edited', 'sluice' );
		}
		if ( ! empty( $meta['wrong'] ) ) {
			echo '<br>' . esc_html__( 'was wrong, a moderator says', 'sluice' );
		}
		$reasons = array_slice( array_filter( (array) ( $meta['reasons'] ?? array() ), 'is_array' ), 0, self::REASONS );
		$words   = array_map( array( 'Sluice_Words', 'reason' ), $reasons );
		if ( $words ) {
			printf( '<ul class="sluice-reasons"><li>%s</li></ul>', implode( '</li><li>', array_map( 'esc_html', $words ) ) );
		}
	}

	private static function certainty( array $meta ): string {
		$said = array();
		if ( is_numeric( $meta['p_spam'] ?? null ) ) {
			/* translators: %s: a probability in per cent. */
			$said[] = sprintf( __( 'spam: %s', 'sluice' ), Sluice_Words::percent( (float) $meta['p_spam'] ) );
		}
		if ( is_numeric( $meta['p_abuse'] ?? null ) && $meta['p_abuse'] >= 0.1 ) {
			/* translators: %s: a probability in per cent. */
			$said[] = sprintf( __( 'abuse: %s', 'sluice' ), Sluice_Words::percent( (float) $meta['p_abuse'] ) );
		}
		return $said ? '(' . implode( ', ', $said ) . ')' : '';
	}

	/** The status that a comment gets whose verdict was wrong; null if that cannot be said. */
	private static function other_status( array $meta, WP_Comment $comment ): ?string {
		if ( 'spam' === ( $meta['verdict'] ?? '' ) && 'spam' === $comment->comment_approved ) {
			return 'approve';
		}
		return 'approve' === ( $meta['verdict'] ?? '' ) && '1' === $comment->comment_approved ? 'spam' : null;
	}

	public static function action( $actions, $comment ) {
		$to = self::other_status( self::meta( $comment->comment_ID ), $comment );
		if ( null === $to || ! current_user_can( 'moderate_comments' ) || ! current_user_can( 'edit_comment', $comment->comment_ID ) ) {
			return $actions;
		}
		$url = wp_nonce_url(
			add_query_arg(
				array(
					'action' => self::ACTION,
					'c'      => $comment->comment_ID,
				),
				admin_url( 'admin-post.php' )
			),
			self::ACTION . $comment->comment_ID
		);
		$actions['sluice'] = sprintf(
			'<a href="%s" title="%s">%s</a>',
			esc_url( $url ),
			'spam' === $to ? esc_attr__( 'Mark as spam, and tell sluice', 'sluice' ) : esc_attr__( 'Approve, and tell sluice', 'sluice' ),
			esc_html__( 'sluice was wrong', 'sluice' )
		);
		return $actions;
	}

	/** The link was followed. */
	public static function wrong(): void {
		$id = isset( $_GET['c'] ) ? absint( $_GET['c'] ) : 0;
		check_admin_referer( self::ACTION . $id );
		if ( ! current_user_can( 'moderate_comments' ) || ! current_user_can( 'edit_comment', $id ) ) {
			wp_die( esc_html__( 'You may not moderate this comment.', 'sluice' ), 403 );
		}
		$comment = get_comment( $id );
		$meta    = self::meta( $id );
		$to      = $comment ? self::other_status( $meta, $comment ) : null;
		if ( null !== $to ) {
			Sluice_Events::as_wrong(
				function () use ( $id, $to ) {
					return 'spam' === $to ? wp_spam_comment( $id ) : wp_set_comment_status( $id, $to );
				}
			);
			$meta['wrong'] = true;
			update_comment_meta( $id, Sluice_Verdicts::META, wp_slash( wp_json_encode( $meta ) ) );
		}
		$back = wp_get_referer();
		wp_safe_redirect( add_query_arg( 'sluice_wrong', $to ?? 'none', $back ? $back : admin_url( 'edit-comments.php' ) ) );
		exit;
	}

	/** The notice does not come back when the page is loaded again. */
	public static function once( $names ) {
		$names[] = 'sluice_wrong';
		return $names;
	}

	public static function notice(): void {
		$words = array(
			'approve' => __( 'Approved, and sluice is told that it was wrong.', 'sluice' ),
			'spam'    => __( 'Marked as spam, and sluice is told that it was wrong.', 'sluice' ),
			'none'    => __( 'Nothing to change: the comment is not any more what sluice made of it.', 'sluice' ),
		);
		$which = isset( $_GET['sluice_wrong'] ) ? sanitize_key( $_GET['sluice_wrong'] ) : '';
		if ( isset( $words[ $which ] ) ) {
			printf( '<div class="notice notice-success is-dismissible"><p>%s</p></div>', esc_html( $words[ $which ] ) );
		}
	}
}

/**
 * Settings > sluice.
 */
final class Sluice_Page {

	const SLUG   = 'sluice';
	const ACTION = 'sluice_do';
	const NONCE  = 'sluice_nonce';

	public static function hooks(): void {
		add_action( 'admin_menu', array( __CLASS__, 'menu' ) );
		add_action( 'admin_init', array( __CLASS__, 'register' ) );
		add_action( 'admin_post_' . self::ACTION, array( __CLASS__, 'act' ) );
		add_action( 'update_option_' . Sluice_Settings::URL, array( 'Sluice_Sender', 'close_circuit' ), 10, 0 );
		add_action( 'update_option_' . Sluice_Settings::SECRET, array( 'Sluice_Sender', 'close_circuit' ), 10, 0 );
		add_filter( 'plugin_action_links_' . plugin_basename( __FILE__ ), array( __CLASS__, 'link' ) );
		add_filter( 'option_page_capability_' . self::SLUG, array( __CLASS__, 'capability' ) );
	}

	/**
	 * Who may choose the address: the server calls it, and may reach what is
	 * not meant for the owner of one site of a network.
	 */
	public static function capability(): string {
		return is_multisite() ? 'manage_network_options' : 'manage_options';
	}

	public static function menu(): void {
		add_options_page( 'sluice', 'sluice', self::capability(), self::SLUG, array( __CLASS__, 'show' ) );
	}

	private static function address(): string {
		return admin_url( 'options-general.php?page=' . self::SLUG );
	}

	public static function link( $links ) {
		array_unshift( $links, sprintf( '<a href="%s">%s</a>', esc_url( self::address() ), esc_html__( 'Settings', 'sluice' ) ) );
		return $links;
	}

	public static function register(): void {
		$clean = array(
			Sluice_Settings::URL     => 'clean_url',
			Sluice_Settings::SECRET  => 'clean_secret',
			Sluice_Settings::AKISMET => 'clean_akismet',
		);
		foreach ( $clean as $option => $how ) {
			register_setting( self::SLUG, $option, array( 'sanitize_callback' => array( __CLASS__, $how ) ) );
		}
		add_settings_section( 'sluice', '', '__return_null', self::SLUG );
		add_settings_field( Sluice_Settings::URL, __( 'Address', 'sluice' ), array( __CLASS__, 'field_url' ), self::SLUG, 'sluice', array( 'label_for' => Sluice_Settings::URL ) );
		add_settings_field( Sluice_Settings::SECRET, __( 'Secret', 'sluice' ), array( __CLASS__, 'field_secret' ), self::SLUG, 'sluice', array( 'label_for' => Sluice_Settings::SECRET ) );
		add_settings_field( Sluice_Settings::AKISMET, __( 'Akismet', 'sluice' ), array( __CLASS__, 'field_akismet' ), self::SLUG, 'sluice' );
	}

	private static function complain( string $option, string $message ) {
		add_settings_error( $option, $option, $message );
		return get_option( $option, '' );
	}

	public static function clean_url( $value ) {
		if ( Sluice_Settings::is_fixed( 'SLUICE_URL' ) ) {
			return get_option( Sluice_Settings::URL, '' );
		}
		$url = esc_url_raw( trim( (string) $value ), array( 'http', 'https' ) );
		if ( '' === trim( (string) $value ) ) {
			return '';
		}
		if ( ! wp_parse_url( $url, PHP_URL_HOST ) || null === wp_parse_url( $url, PHP_URL_PATH ) || '/' === wp_parse_url( $url, PHP_URL_PATH ) ) {
			return self::complain( Sluice_Settings::URL, __( 'The address is one of http or https, with a path, as in http://127.0.0.1:8080/v1/hooks/blog.', 'sluice' ) );
		}
		return $url;
	}

	/** The button beside the field asks for a new one; options.php has checked the nonce. */
	public static function clean_secret( $value ) {
		if ( Sluice_Settings::is_fixed( 'SLUICE_SECRET' ) ) {
			return get_option( Sluice_Settings::SECRET, '' );
		}
		if ( isset( $_POST['sluice_generate'] ) ) {
			return Sluice_Settings::new_secret();
		}
		$secret = trim( (string) $value );
		if ( '' === $secret || '' !== Sluice_Settings::key_of( $secret ) ) {
			return $secret;
		}
		return self::complain( Sluice_Settings::SECRET, __( 'The secret is whsec_ and 24 to 64 bytes in base64; the button makes one.', 'sluice' ) );
	}

	public static function clean_akismet( $value ): string {
		return $value ? '1' : '';
	}

	public static function field_url(): void {
		self::input( Sluice_Settings::URL, 'url', Sluice_Settings::url(), Sluice_Settings::is_fixed( 'SLUICE_URL' ) ? 'SLUICE_URL' : '', 'http://127.0.0.1:8080/v1/hooks/blog' );
		printf( '<p class="description">%s</p>', esc_html__( 'Where “sluice serve” listens, then /v1/hooks/ and the name of this site in sluice.conf, as in [site "blog"]. Left empty, nothing is sent.', 'sluice' ) );
	}

	public static function field_secret(): void {
		$fixed = Sluice_Settings::is_fixed( 'SLUICE_SECRET' );
		self::input( Sluice_Settings::SECRET, 'text', $fixed ? '' : Sluice_Settings::secret(), $fixed ? 'SLUICE_SECRET' : '', 'whsec_' );
		if ( ! $fixed ) {
			printf( ' <button type="submit" name="sluice_generate" value="1" class="button">%s</button>', esc_html__( 'Make a new one', 'sluice' ) );
		}
		printf( '<p class="description">%s</p>', esc_html__( 'Signs what is sent. The same text goes into sluice.conf, as hook_secret of this site.', 'sluice' ) );
	}

	/** An input, or what wp-config.php says instead. */
	private static function input( string $name, string $type, string $value, string $constant, string $hint ): void {
		printf(
			'<input type="%s" class="regular-text code" id="%s" name="%s" value="%s" placeholder="%s" autocomplete="off" spellcheck="false"%s>',
			esc_attr( $type ),
			esc_attr( $name ),
			esc_attr( $name ),
			esc_attr( $value ),
			esc_attr( $hint ),
			'' === $constant ? '' : ' disabled'
		);
		if ( '' !== $constant ) {
			/* translators: %s: the name of a constant. */
			printf( ' <span class="description">%s</span>', esc_html( sprintf( __( 'Set by %s in wp-config.php.', 'sluice' ), $constant ) ) );
		}
	}

	public static function field_akismet(): void {
		printf(
			'<label><input type="checkbox" name="%s" value="1"%s> %s</label><p class="description">%s</p>',
			esc_attr( Sluice_Settings::AKISMET ),
			checked( (bool) get_option( Sluice_Settings::AKISMET ), true, false ),
			esc_html__( 'Let the Akismet plugin ask sluice instead of akismet.com', 'sluice' ),
			esc_html(
				'' === Sluice_Settings::base()
				? __( 'Needs the address above.', 'sluice' )
				/* translators: %s: an address. */
				: sprintf( __( 'Its requests then go to %s. The plugin itself stays as it is; its key is the one that sluice.conf has for this site.', 'sluice' ), Sluice_Settings::base() )
			)
		);
	}

	public static function show(): void {
		if ( ! current_user_can( self::capability() ) ) {
			return;
		}
		echo '<div class="wrap"><h1>sluice</h1>';
		self::show_done();
		printf( '<p>%s</p>', esc_html__( '“sluice run” needs nothing from this page: it reads and judges comments with an application password. With an address and a secret, “sluice serve” learns at once what visitors write and moderators decide.', 'sluice' ) );
		echo '<form method="post" action="options.php">';
		settings_fields( self::SLUG );
		do_settings_sections( self::SLUG );
		submit_button();
		echo '</form>';
		self::show_delivery();
		echo '</div>';
	}

	/** What the button before this page did. */
	private static function show_done(): void {
		$key  = 'sluice_done_' . get_current_user_id();
		$done = get_transient( $key );
		if ( is_array( $done ) ) {
			delete_transient( $key );
			printf( '<div class="notice notice-%s"><p>%s</p></div>', $done['ok'] ? 'success' : 'error', esc_html( $done['message'] ) );
		}
	}

	private static function show_delivery(): void {
		printf( '<h2>%s</h2><table class="form-table" role="presentation"><tbody>', esc_html__( 'Delivery', 'sluice' ) );
		foreach ( self::delivery() as $name => $value ) {
			printf( '<tr><th scope="row">%s</th><td>%s</td></tr>', esc_html( $name ), esc_html( $value ) );
		}
		printf( '</tbody></table><form method="post" action="%s">', esc_url( admin_url( 'admin-post.php' ) ) );
		printf( '<input type="hidden" name="action" value="%s">', esc_attr( self::ACTION ) );
		wp_nonce_field( self::ACTION, self::NONCE, false );
		$census = Sluice_Outbox::census();
		self::button( 'test', __( 'Send a test', 'sluice' ), Sluice_Settings::ready() );
		if ( $census['failed'] ) {
			self::button( 'retry', __( 'Send again what was given up', 'sluice' ), true );
			self::button( 'forget', __( 'Forget what was given up', 'sluice' ), true );
		}
		if ( Sluice_Setup::is_must_use() ) {
			self::button( 'remove', __( 'Remove all that sluice has stored here', 'sluice' ), true );
		}
		echo '</form>';
	}

	private static function button( string $what, string $label, bool $enabled ): void {
		printf(
			'<button type="submit" name="do" value="%s" class="button"%s>%s</button> ',
			esc_attr( $what ),
			$enabled ? '' : ' disabled',
			esc_html( $label )
		);
	}

	/** @return string[] What there is to say => in words. */
	private static function delivery(): array {
		$census = Sluice_Outbox::census();
		$state  = Sluice_Sender::state();
		$words  = array(
			__( 'Waiting', 'sluice' )  => (string) $census['waiting'],
			__( 'Given up', 'sluice' ) => (string) $census['failed'],
		);
		if ( $census['waiting'] ) {
			$words[ __( 'Waiting', 'sluice' ) ] .= ', ' . sprintf(
				/* translators: %s: a time span, as "5 mins". */
				__( 'the oldest for %s', 'sluice' ),
				human_time_diff( time() - $census['oldest_age'] )
			);
		}
		if ( $state['dropped'] ) {
			$words[ __( 'Dropped, as too many waited', 'sluice' ) ] = (string) $state['dropped'];
		}
		$words[ __( 'Last success', 'sluice' ) ] = self::ago( $state['last_ok_at'] );
		if ( $state['last_error_at'] ) {
			$words[ __( 'Last failure', 'sluice' ) ] = self::ago( $state['last_error_at'] ) . ': ' . $state['last_error'];
		}
		if ( $state['down_until'] > time() ) {
			/* translators: %s: a time span, as "5 mins". */
			$words[ __( 'Next try', 'sluice' ) ] = sprintf( __( 'in %s', 'sluice' ), human_time_diff( time(), $state['down_until'] ) );
		}
		if ( ! Sluice_Sender::can_detach() ) {
			$words[ __( 'This PHP', 'sluice' ) ] = __( 'cannot send after the response (no PHP-FPM); events go with wp-cron, some minutes later.', 'sluice' );
		}
		return $words;
	}

	private static function ago( int $when ): string {
		/* translators: %s: a time span, as "5 mins". */
		return $when ? sprintf( __( '%s ago', 'sluice' ), human_time_diff( $when ) ) : __( 'none yet', 'sluice' );
	}

	/** One of the buttons was pressed. */
	public static function act(): void {
		check_admin_referer( self::ACTION, self::NONCE );
		if ( ! current_user_can( self::capability() ) ) {
			wp_die( esc_html__( 'You may not change the settings.', 'sluice' ), 403 );
		}
		$what = isset( $_POST['do'] ) ? sanitize_key( $_POST['do'] ) : '';
		$done = self::do_it( $what );
		set_transient( 'sluice_done_' . get_current_user_id(), $done, MINUTE_IN_SECONDS );
		wp_safe_redirect( self::address() );
		exit;
	}

	/** @return array ok, message */
	private static function do_it( string $what ): array {
		if ( 'test' === $what ) {
			$test = Sluice_Sender::test();
			return array(
				'ok'      => $test->ok(),
				/* translators: %d: milliseconds. */
				'message' => $test->ok() ? sprintf( __( 'The test arrived; sluice answered in %d ms.', 'sluice' ), $test->ms ) : $test->message,
			);
		}
		if ( 'retry' === $what ) {
			$message = __( 'They wait to be sent again.', 'sluice' );
			Sluice_Outbox::retry();
			Sluice_Sender::close_circuit();
			Sluice_Sender::want();
		} elseif ( 'forget' === $what ) {
			$message = __( 'Forgotten.', 'sluice' );
			Sluice_Outbox::forget();
		} elseif ( 'remove' === $what && Sluice_Setup::is_must_use() ) {
			$message = __( 'Settings, events and reasons are gone; now delete sluice.php from mu-plugins.', 'sluice' );
			Sluice_Setup::remove();
		}
		return array(
			'ok'      => isset( $message ),
			'message' => $message ?? __( 'Nothing was done.', 'sluice' ),
		);
	}
}

/**
 * What is kept of a person beside their comments: the reasons, which may quote
 * a name, and events that wait. WordPress's tool for erasing personal data
 * takes both away.
 */
final class Sluice_Privacy {

	/** Comments looked at in one step of the tool. */
	const STEP = 100;

	public static function hooks(): void {
		/* Before WordPress's own, after which nobody knows whose they were. */
		add_filter( 'wp_privacy_personal_data_erasers', array( __CLASS__, 'with_ours' ), 1 );
		add_action( 'admin_init', array( __CLASS__, 'policy' ) );
	}

	public static function with_ours( $erasers ) {
		return array(
			'sluice' => array(
				'eraser_friendly_name' => 'sluice',
				'callback'             => array( __CLASS__, 'erase' ),
			),
		) + (array) $erasers;
	}

	public static function erase( $email, $page = 1 ): array {
		$ids     = get_comments(
			array(
				'author_email' => $email,
				'status'       => 'any',
				'fields'       => 'ids',
				'number'       => self::STEP,
				'offset'       => self::STEP * ( (int) $page - 1 ),
				'orderby'      => 'comment_ID',
				'order'        => 'ASC',
			)
		);
		$removed = false;
		foreach ( $ids as $id ) {
			$removed = delete_comment_meta( $id, Sluice_Verdicts::META ) || $removed;
			$removed = Sluice_Outbox::forget_comment( (int) $id ) || $removed;
		}
		return array(
			'items_removed'  => $removed,
			'items_retained' => false,
			'messages'       => array(),
			'done'           => count( $ids ) < self::STEP,
		);
	}

	/** What a site's owner may say in the privacy policy. */
	public static function policy(): void {
		if ( function_exists( 'wp_add_privacy_policy_content' ) ) {
			wp_add_privacy_policy_content( 'sluice', wpautop( esc_html__( 'Comments, with name, e-mail address, web site and IP address of their authors, are checked for spam and abuse by sluice, a program that the owners of this site run themselves. With each comment we keep the result and the reasons for it.', 'sluice' ) ) );
		}
	}
}

/**
 * Comes and goes without a trace. In a network each site has all of its own,
 * made when it is first needed.
 */
final class Sluice_Setup {

	public static function hooks(): void {
		register_activation_hook( __FILE__, array( __CLASS__, 'activate' ) );
		register_deactivation_hook( __FILE__, array( __CLASS__, 'deactivate' ) );
		add_filter( 'wpmu_drop_tables', array( __CLASS__, 'with_table' ) );
	}

	/** WordPress looks on the main site for what a plugin leaves behind. */
	public static function activate(): void {
		if ( is_multisite() ) {
			switch_to_blog( get_main_site_id() );
		}
		register_uninstall_hook( __FILE__, array( __CLASS__, 'uninstall' ) );
		if ( is_multisite() ) {
			restore_current_blog();
		}
		Sluice_Outbox::create();
		Sluice_Sender::sweep_hourly();
	}

	/** @param bool $network Whether it was active on all sites of a network. */
	public static function deactivate( $network = false ): void {
		if ( $network ) {
			self::on_each_site( array( __CLASS__, 'unschedule' ) );
		} else {
			self::unschedule();
		}
	}

	public static function uninstall(): void {
		self::on_each_site( array( __CLASS__, 'remove' ) );
	}

	private static function unschedule(): void {
		wp_clear_scheduled_hook( Sluice_Sender::SEND );
		wp_clear_scheduled_hook( Sluice_Sender::SWEEP );
	}

	private static function on_each_site( callable $does ): void {
		if ( ! is_multisite() ) {
			$does();
			return;
		}
		$sites = get_sites(
			array(
				'fields' => 'ids',
				'number' => 0,
			)
		);
		foreach ( $sites as $site ) {
			switch_to_blog( $site );
			$does();
			restore_current_blog();
		}
	}

	/** The tables that go with a site of a network, which is the current one. */
	public static function with_table( $tables ) {
		return array_merge( (array) $tables, array( Sluice_Outbox::table() ) );
	}

	/** A must-use plugin is never deleted in wp-admin; its file just goes. */
	public static function is_must_use(): bool {
		return 0 === strpos( wp_normalize_path( __FILE__ ), trailingslashit( wp_normalize_path( WPMU_PLUGIN_DIR ) ) );
	}

	/** Everything this plugin has ever stored on this site. */
	public static function remove(): void {
		global $wpdb;

		self::unschedule();
		$wpdb->query( 'DROP TABLE IF EXISTS ' . Sluice_Outbox::table() );
		$options = array( Sluice_Settings::URL, Sluice_Settings::SECRET, Sluice_Settings::AKISMET, Sluice_Outbox::VERSION_OPTION, Sluice_Sender::STATE, Sluice_Sender::LOCK );
		array_map( 'delete_option', $options );
		delete_metadata( 'comment', 0, Sluice_Verdicts::META, '', true );
	}
}

Sluice_Routes::hooks();
Sluice_Events::hooks();
Sluice_Sender::hooks();
Sluice_Akismet::hooks();
if ( is_admin() ) {
	Sluice_Column::hooks();
	Sluice_Page::hooks();
	Sluice_Privacy::hooks();
}
Sluice_Setup::hooks();

endif;

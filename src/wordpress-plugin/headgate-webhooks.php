<?php
/**
 * Plugin Name: Headgate webhooks
 * Description: Tells a Headgate gateway what has changed, so that it shows at once. Put this file into wp-content/mu-plugins.
 * Version: 1.0.0
 * Requires at least: 5.7
 * Requires PHP: 5.6
 * License: MIT
 *
 * Configured in wp-config.php; without both constants nothing is sent:
 *
 *   define( 'HEADGATE_WEBHOOK_URL', 'https://gateway.example/webhooks/purge' ); // several: separated by commas
 *   define( 'HEADGATE_WEBHOOK_SECRET', 'the same as WEBHOOK_SECRET of the gateway' );
 */

defined( 'ABSPATH' ) || exit;

/**
 * Gathers what a request changes, and posts it once, at its end. Only what visitors see or saw is told.
 */
final class Headgate_Webhooks {

	/** Changes beyond which everything is said to have changed. */
	const MAX_CHANGES = 500;

	/** Options that the settings of the gateway show. */
	const SETTINGS = array(
		'blogname', 'blogdescription', 'admin_email', 'timezone_string', 'gmt_offset', 'date_format', 'time_format', 'start_of_week', 'WPLANG',
		'posts_per_page', 'default_category', 'default_post_format', 'use_smilies', 'default_comment_status', 'default_ping_status', 'site_icon', 'site_logo',
	);

	/** Options that every address or answer may depend on. */
	const EVERYTHING = array(
		'home', 'siteurl', 'permalink_structure', 'category_base', 'tag_base', 'show_on_front', 'page_on_front', 'page_for_posts',
		'stylesheet', 'template', 'active_plugins', 'wpseo', 'wpseo_titles', 'wpseo_social',
	);

	/** @var array<string, array> Changes by what they are of. */
	private static $changes = array();

	/** @var bool */
	private static $everything = false;

	public static function start() {
		add_action( 'transition_post_status', array( __CLASS__, 'on_status' ), 10, 3 );
		add_action( 'post_updated', array( __CLASS__, 'on_post_updated' ), 10, 3 );
		// The ways of content and of files to their end: their terms and addresses are still there.
		add_action( 'before_delete_post', array( __CLASS__, 'on_post_deleted' ) );
		add_action( 'delete_attachment', array( __CLASS__, 'on_post_deleted' ) );
		add_action( 'set_object_terms', array( __CLASS__, 'on_terms_set' ), 10, 6 );
		foreach ( array( 'added', 'updated', 'deleted' ) as $done ) {
			add_action( "{$done}_post_meta", array( __CLASS__, 'on_post_meta' ), 10, 3 );
			add_action( "{$done}_term_meta", array( __CLASS__, 'on_term_meta' ), 10, 2 );
			add_action( "{$done}_option", array( __CLASS__, 'on_option' ) );
		}
		add_action( 'updated_option', array( __CLASS__, 'on_option_updated' ), 10, 3 );
		add_action( 'created_term', array( __CLASS__, 'on_term_created' ), 10, 3 );
		add_action( 'edit_terms', array( __CLASS__, 'on_term_edited' ), 10, 2 ); // before: with the address of before
		add_action( 'edited_term', array( __CLASS__, 'on_term_changed' ), 10, 3 );
		add_action( 'pre_delete_term', array( __CLASS__, 'on_term_deleted' ), 10, 2 );
		add_action( 'wp_insert_comment', array( __CLASS__, 'on_comment_inserted' ), 10, 2 );
		add_action( 'edit_comment', array( __CLASS__, 'on_comment_edited' ) );
		add_action( 'transition_comment_status', array( __CLASS__, 'on_comment_status' ), 10, 3 );
		add_action( 'delete_comment', array( __CLASS__, 'on_comment_deleted' ) );
		add_action( 'profile_update', array( __CLASS__, 'on_user_updated' ) );
		add_action( 'delete_user', array( __CLASS__, 'on_user_deleted' ), 10, 2 );
		foreach ( array( 'wp_create_nav_menu', 'wp_update_nav_menu', 'wp_delete_nav_menu' ) as $hook ) {
			add_action( $hook, array( __CLASS__, 'on_menu' ) );
		}
		add_action( 'shutdown', array( __CLASS__, 'send' ), PHP_INT_MAX );
	}

	public static function on_status( $new, $old, $post ) {
		$is  = self::is_public( $new, $post->post_type );
		$was = self::is_public( $old, $post->post_type );
		if ( $is || $was ) {
			// It counts for its terms and its author from now on, or no more.
			$terms = $is === $was ? array() : self::terms_of( $post );
			if ( $is ) {
				self::tell_post( $post, $was ? 'updated' : 'created', $terms );
			} else {
				self::tell_post( self::as_before( $post, $old ), 'deleted', $terms );
			}
		}
	}

	public static function on_post_updated( $id, $after, $before ) {
		if ( ! self::is_public( $before->post_status, $before->post_type ) ) {
			return;
		}
		$is_gone  = ! self::is_public( $after->post_status, $after->post_type );
		$is_moved = $after->post_name !== $before->post_name || $after->post_parent !== $before->post_parent;
		if ( ! $is_gone && ( $is_moved || $after->post_author !== $before->post_author ) ) {
			self::tell_post( $before, 'updated', array() );
			self::tell_post( $after, 'updated', array() );
		}
		// What is below it moves with it.
		if ( $is_moved && is_post_type_hierarchical( $after->post_type ) ) {
			$below = get_pages( array( 'child_of' => $id, 'post_type' => $after->post_type, 'number' => self::MAX_CHANGES ) );
			foreach ( $below ? $below : array() as $child ) {
				self::tell_post( $child, 'updated', array() );
			}
		}
	}

	public static function on_post_deleted( $id ) {
		$post = get_post( $id );
		if ( $post && self::is_public( $post->post_status, $post->post_type ) ) {
			self::tell_post( $post, 'deleted', self::terms_of( $post ) );
		}
	}

	public static function on_terms_set( $id, $terms, $tt_ids, $taxonomy, $append, $old_tt_ids ) {
		$post    = get_post( $id );
		$changed = array_merge( array_diff( $tt_ids, $old_tt_ids ), $append ? array() : array_diff( $old_tt_ids, $tt_ids ) );
		if ( ! $post || ! $changed || ! self::is_public( $post->post_status, $post->post_type ) ) {
			return;
		}
		$told = array();
		foreach ( $changed as $tt_id ) {
			$term = get_term_by( 'term_taxonomy_id', (int) $tt_id );
			if ( $term ) {
				$told[] = array( 'taxonomy' => $taxonomy, 'id' => (int) $term->term_id );
			}
		}
		self::tell_post( $post, 'updated', $told );
	}

	public static function on_post_meta( $meta_id, $id, $key ) {
		// What WordPress keeps for itself, and writes while somebody only looks.
		if ( preg_match( '/^_(?:edit_|encloseme|pingme|wp_old_|wp_trash_|wp_desired_)/', $key ) ) {
			return;
		}
		$post = get_post( $id );
		if ( $post && self::is_public( $post->post_status, $post->post_type ) ) {
			self::tell_post( $post, 'updated', array() );
		}
	}

	public static function on_term_created( $id, $tt_id, $taxonomy ) {
		self::tell_term( $id, $taxonomy, 'created' );
	}

	public static function on_term_edited( $id, $taxonomy ) {
		self::tell_term( $id, $taxonomy, 'updated' );
	}

	public static function on_term_changed( $id, $tt_id, $taxonomy ) {
		self::tell_term( $id, $taxonomy, 'updated' );
		$below = is_taxonomy_hierarchical( $taxonomy ) ? get_term_children( $id, $taxonomy ) : array();
		foreach ( is_array( $below ) ? $below : array() as $child ) {
			self::tell_term( $child, $taxonomy, 'updated' );
		}
	}

	public static function on_term_deleted( $id, $taxonomy ) {
		self::tell_term( $id, $taxonomy, 'deleted' );
	}

	public static function on_term_meta( $meta_id, $id ) {
		$term = get_term( $id );
		if ( $term instanceof WP_Term ) {
			self::tell_term( $id, $term->taxonomy, 'updated' );
		}
	}

	public static function on_comment_inserted( $id, $comment ) {
		if ( '1' === (string) $comment->comment_approved ) {
			self::tell_comment( $comment, 'created' );
		}
	}

	public static function on_comment_edited( $id ) {
		$comment = get_comment( $id );
		if ( $comment && '1' === (string) $comment->comment_approved ) {
			self::tell_comment( $comment, 'updated' );
		}
	}

	public static function on_comment_status( $new, $old, $comment ) {
		if ( 'approved' === $new || 'approved' === $old ) {
			self::tell_comment( $comment, 'approved' === $new ? 'created' : 'deleted' );
		}
	}

	public static function on_comment_deleted( $id ) {
		$comment = get_comment( $id );
		if ( $comment && '1' === (string) $comment->comment_approved ) {
			self::tell_comment( $comment, 'deleted' );
		}
	}

	public static function on_user_updated( $id ) {
		self::tell_user( $id, 'updated' );
	}

	public static function on_user_deleted( $id, $heir = null ) {
		self::tell_user( $id, 'deleted' );
		// WordPress hands over all that was theirs at once, and does not say what.
		self::$everything = self::$everything || null !== $heir;
	}

	public static function on_menu( $id ) {
		self::add( array( 'kind' => 'menu', 'id' => (int) $id ) );
	}

	public static function on_option( $name ) {
		if ( in_array( $name, self::SETTINGS, true ) ) {
			self::add( array( 'kind' => 'settings' ) );
		} elseif ( in_array( $name, self::EVERYTHING, true ) ) {
			self::$everything = true;
		} elseif ( 0 === strpos( $name, 'theme_mods_' ) ) {
			self::add( array( 'kind' => 'menu' ) ); // locations of menus are kept there
		}
	}

	public static function on_option_updated( $name, $old, $new ) {
		if ( 'sticky_posts' !== $name || ! is_array( $old ) || ! is_array( $new ) ) {
			return;
		}
		foreach ( array_merge( array_diff( $old, $new ), array_diff( $new, $old ) ) as $id ) {
			$post = get_post( $id );
			if ( $post && self::is_public( $post->post_status, $post->post_type ) ) {
				self::tell_post( $post, 'updated', array() );
			}
		}
	}

	/** Posts what was gathered, when whoever waited for the request has its answer. */
	public static function send() {
		$changes = array_values( self::$changes );
		if ( ! $changes && ! self::$everything ) {
			return;
		}
		$said = self::$everything || count( $changes ) > self::MAX_CHANGES ? array( 'everything' => true ) : array( 'changes' => $changes );
		$body = wp_json_encode( $said );
		// A request may go on after this, and shut down once only.
		self::$changes    = array();
		self::$everything = false;
		if ( function_exists( 'fastcgi_finish_request' ) ) {
			fastcgi_finish_request();
		}
		$secret = HEADGATE_WEBHOOK_SECRET;
		$key    = 0 === strpos( $secret, 'whsec_' ) ? base64_decode( substr( $secret, 6 ) ) : $secret;
		foreach ( array_filter( array_map( 'trim', explode( ',', HEADGATE_WEBHOOK_URL ) ) ) as $url ) {
			$id   = 'msg_' . wp_generate_uuid4();
			$time = time();
			wp_remote_post( $url, array(
				'blocking'    => false,
				'timeout'     => 3,
				'redirection' => 0,
				'headers'     => array(
					'Content-Type'      => 'application/json',
					'Webhook-Id'        => $id,
					'Webhook-Timestamp' => (string) $time,
					'Webhook-Signature' => 'v1,' . base64_encode( hash_hmac( 'sha256', "$id.$time.$body", $key, true ) ),
				),
				'body'        => $body,
			) );
		}
	}

	/** What is not public any more, as it was: in the bin its name is another, and its address a plain one. */
	private static function as_before( $post, $status ) {
		$before              = clone $post;
		$before->post_status = $status;
		$before->post_name   = preg_replace( '/__trashed(?:-\d+)?$/', '', $post->post_name );
		return $before;
	}

	private static function tell_post( $post, $action, $terms ) {
		if ( 'nav_menu_item' === $post->post_type || 'wp_navigation' === $post->post_type ) {
			self::add( array( 'kind' => 'menu' ) );
			return;
		}
		$change = array(
			'kind'    => 'content',
			'type'    => $post->post_type,
			'id'      => (int) $post->ID,
			'action'  => $action,
			'terms'   => $terms,
			'authors' => (int) $post->post_author > 0 ? array( (int) $post->post_author ) : array(),
			'content' => 'attachment' === $post->post_type && $post->post_parent > 0 ? array( (int) $post->post_parent ) : array(),
		);
		self::add( $change, get_permalink( $post ) );
	}

	private static function tell_term( $id, $taxonomy, $action ) {
		$named = get_taxonomy( $taxonomy );
		if ( 'nav_menu' === $taxonomy ) {
			self::add( array( 'kind' => 'menu', 'id' => (int) $id ) );
		} elseif ( $named && ( $named->public || $named->show_in_rest ) ) {
			self::add( array( 'kind' => 'term', 'type' => $taxonomy, 'id' => (int) $id, 'action' => $action ), get_term_link( (int) $id, $taxonomy ) );
		}
	}

	private static function tell_comment( $comment, $action ) {
		$on = (int) $comment->comment_post_ID;
		self::add( array(
			'kind'    => 'comment',
			'id'      => (int) $comment->comment_ID,
			'action'  => $action,
			'authors' => (int) $comment->user_id > 0 ? array( (int) $comment->user_id ) : array(),
			'content' => $on > 0 ? array( $on ) : array(),
		) );
	}

	/** Users whom nobody sees are nobody's concern. */
	private static function tell_user( $id, $action ) {
		$types = get_post_types( array( 'show_in_rest' => true ) );
		if ( count_user_posts( $id, $types, true ) > 0 ) {
			self::add( array( 'kind' => 'user', 'id' => (int) $id, 'action' => $action ), get_author_posts_url( $id ) );
		}
	}

	/** One change for each object: with all that was said of it. */
	private static function add( $change, $link = null ) {
		$key    = $change['kind'] . ':' . ( isset( $change['id'] ) ? $change['id'] : '' );
		$links  = is_string( $link ) && '' !== $link ? array( $link ) : array();
		$change = $change + array( 'links' => $links );
		if ( isset( self::$changes[ $key ] ) ) {
			$before = self::$changes[ $key ];
			// Nobody has seen what comes and goes in one request.
			if ( isset( $before['action'], $change['action'] ) && 'created' === $before['action'] && 'deleted' === $change['action'] ) {
				unset( self::$changes[ $key ] );
				return;
			}
			foreach ( array( 'links', 'terms', 'authors', 'content' ) as $list ) {
				if ( isset( $before[ $list ], $change[ $list ] ) ) {
					$change[ $list ] = array_values( array_unique( array_merge( $change[ $list ], $before[ $list ] ), SORT_REGULAR ) );
				}
			}
			if ( isset( $before['action'], $change['action'] ) && 'created' === $before['action'] && 'updated' === $change['action'] ) {
				$change['action'] = 'created';
			}
		}
		self::$changes[ $key ] = $change;
	}

	/** Whether visitors see what has this status: files have the status of what they are attached to. */
	private static function is_public( $status, $type ) {
		if ( 'revision' === $type ) {
			return false;
		}
		$known = get_post_status_object( $status );
		return ( 'inherit' === $status && 'attachment' === $type ) || ( $known && $known->public );
	}

	private static function terms_of( $post ) {
		$told = array();
		foreach ( get_object_taxonomies( $post->post_type ) as $taxonomy ) {
			$terms = get_the_terms( $post->ID, $taxonomy );
			foreach ( is_array( $terms ) ? $terms : array() as $term ) {
				$told[] = array( 'taxonomy' => $taxonomy, 'id' => (int) $term->term_id );
			}
		}
		return $told;
	}
}

if ( defined( 'HEADGATE_WEBHOOK_URL' ) && defined( 'HEADGATE_WEBHOOK_SECRET' ) && HEADGATE_WEBHOOK_URL && HEADGATE_WEBHOOK_SECRET ) {
	Headgate_Webhooks::start();
}

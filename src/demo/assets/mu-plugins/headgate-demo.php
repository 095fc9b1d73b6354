<?php
/**
 * Plugin Name: Headgate demo
 * Description: Keeps the demo offline and gives it what a grown-up site has: a post type, a taxonomy, registered meta, menu locations.
 */

// PHP has no sockets here: an attempt would end the request with an error.
add_filter( 'pre_http_request', static fn() => new WP_Error( 'offline', 'The demo site is offline.' ), PHP_INT_MAX );
add_filter( 'pre_wp_mail', '__return_true', PHP_INT_MAX );
add_filter( 'pre_site_transient_update_core', static fn() => (object) array( 'updates' => array() ) );
add_filter( 'pre_site_transient_update_plugins', static fn() => (object) array( 'response' => array() ) );
add_filter( 'pre_site_transient_update_themes', static fn() => (object) array( 'response' => array() ) );

add_action( 'after_setup_theme', static function () {
	register_nav_menus( array( 'primary' => 'Primary menu', 'footer' => 'Footer menu' ) );
	add_theme_support( 'post-thumbnails' );
	add_theme_support( 'post-formats', array( 'aside', 'gallery', 'link', 'image', 'quote', 'status', 'video', 'audio', 'chat' ) );
}, 20 );

add_action( 'init', static function () {
	register_post_type( 'book', array(
		'labels'       => array( 'name' => 'Books', 'singular_name' => 'Book' ),
		'description'  => 'What stands on the shelf of the café.',
		'public'       => true,
		'hierarchical' => false,
		'has_archive'  => 'books',
		'rewrite'      => array( 'slug' => 'book' ),
		'show_in_rest' => true,
		'rest_base'    => 'books',
		'menu_icon'    => 'dashicons-book',
		'supports'     => array( 'title', 'editor', 'author', 'thumbnail', 'excerpt', 'comments', 'revisions', 'custom-fields', 'page-attributes' ),
	) );
	register_taxonomy( 'genre', array( 'book' ), array(
		'labels'            => array( 'name' => 'Genres', 'singular_name' => 'Genre' ),
		'description'       => 'Kinds of books.',
		'public'            => true,
		'hierarchical'      => true,
		'show_in_rest'      => true,
		'show_admin_column' => true,
	) );

	$one   = array( 'single' => true, 'show_in_rest' => true );
	$array = array( 'schema' => array( 'type' => 'array', 'items' => array( 'type' => 'string' ) ) );
	$sizes = array(
		'schema' => array(
			'type'                 => 'object',
			'properties'           => array(
				'width'  => array( 'type' => 'number' ),
				'height' => array( 'type' => 'number' ),
				'unit'   => array( 'type' => 'string', 'enum' => array( 'mm', 'cm', 'in' ) ),
			),
			'additionalProperties' => false,
		),
	);
	register_post_meta( 'book', 'isbn', array( 'type' => 'string', 'description' => 'ISBN-13', 'default' => '' ) + $one );
	register_post_meta( 'book', 'page_count', array( 'type' => 'integer', 'description' => 'Number of pages', 'default' => 0 ) + $one );
	register_post_meta( 'book', 'in_print', array( 'type' => 'boolean', 'default' => false ) + $one );
	register_post_meta( 'book', 'rating', array( 'type' => 'number', 'description' => 'Stars, 0 to 5' ) + $one );
	register_post_meta( 'book', 'awards', array( 'type' => 'array', 'single' => true, 'show_in_rest' => $array ) );
	register_post_meta( 'book', 'dimensions', array( 'type' => 'object', 'single' => true, 'show_in_rest' => $sizes ) );
	register_post_meta( 'book', 'translators', array( 'type' => 'string', 'description' => 'One value for each', 'single' => false, 'show_in_rest' => true ) );
	register_post_meta( 'book', 'sequel', array( 'type' => 'integer', 'description' => 'Id of the book that follows' ) + $one );
	register_post_meta( 'book', 'printed_at', array(
		'type'         => 'string',
		'single'       => true,
		'show_in_rest' => array( 'schema' => array( 'type' => 'string', 'format' => 'date-time' ) ),
	) );
	register_post_meta( 'book', 'translations', array(
		'type'         => 'array',
		'description'  => 'Ids of books',
		'single'       => true,
		'show_in_rest' => array( 'schema' => array( 'items' => array( 'type' => 'integer' ) ) ),
	) );
	register_post_meta( 'book', 'editions', array(
		'type'         => 'array',
		'single'       => true,
		'show_in_rest' => array(
			'schema' => array(
				'items' => array(
					'type'       => 'object',
					'properties' => array(
						'year'  => array( 'type' => 'integer' ),
						'cover' => array( 'type' => 'string', 'enum' => array( 'hard', 'soft' ) ),
					),
				),
			),
		),
	) );
	register_post_meta( 'book', 'publisher', array(
		'type'         => 'object',
		'single'       => true,
		'show_in_rest' => array(
			'schema' => array(
				'properties' => array(
					'name'    => array( 'type' => 'string' ),
					'address' => array(
						'type'       => 'object',
						'properties' => array( 'city' => array( 'type' => 'string' ) ),
					),
				),
			),
		),
	) );

	register_post_meta( 'post', 'subtitle', array( 'type' => 'string', 'default' => '' ) + $one );
	register_post_meta( 'post', 'reading_minutes', array( 'type' => 'integer' ) + $one );
	// As Jetpack does; footnotes, its companion on many sites, is WordPress's own.
	register_post_meta( 'post', '_jetpack_memberships_contains_paid_content', array( 'type' => 'boolean', 'default' => false, 'auth_callback' => '__return_true' ) + $one );

	foreach ( array( 'category', 'post_tag', 'genre' ) as $taxonomy ) {
		register_term_meta( $taxonomy, 'color', array( 'type' => 'string', 'default' => '' ) + $one );
	}
	register_meta( 'user', 'twitter', array( 'type' => 'string', 'default' => '' ) + $one );
} );

add_action( 'rest_api_init', static function () {
	register_rest_field( 'post', 'jetpack_featured_media_url', array(
		'get_callback' => static fn( $post ) => (string) wp_get_attachment_url( get_post_thumbnail_id( $post['id'] ) ),
		'schema'       => array( 'type' => 'string', 'readonly' => true ),
	) );
	register_rest_field( 'post', 'jetpack_sharing_enabled', array(
		'get_callback' => static fn( $post ) => '1' !== get_post_meta( $post['id'], 'sharing_disabled', true ),
		'schema'       => array( 'type' => 'boolean' ),
	) );
} );

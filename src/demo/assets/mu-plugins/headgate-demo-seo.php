<?php
/**
 * Plugin Name: Headgate demo SEO
 * Description: Answers yoast_head and yoast_head_json in the shape of Yoast SEO, which itself is not here.
 */

namespace Headgate\Demo\Seo;

require __DIR__ . '/headgate-demo-seo/graph.php';
require __DIR__ . '/headgate-demo-seo/head.php';

const RECORDED = __DIR__ . '/headgate-demo-seo/recorded.json';

/**
 * The head of one object. Both fields of an object are asked for one after the other: the last one is kept.
 *
 * @param string $kind post, term or user.
 * @param int    $id   Its id.
 * @return array{html: string, json: array}
 */
function head( string $kind, int $id ): array {
	static $key = null, $head = array();
	if ( "$kind $id" !== $key ) {
		$head = recorded( $kind, $id ) ?? make_head( $kind, $id );
		$key  = "$kind $id";
	}
	return $head;
}

/** The head as the real plugin answered it, for the one post of which there is a recording. */
function recorded( string $kind, int $id ): ?array {
	if ( 'post' !== $kind || 4301 !== $id ) {
		return null;
	}
	$post = json_decode( file_get_contents( RECORDED ), true );
	return array( 'html' => $post['yoast_head'], 'json' => $post['yoast_head_json'] );
}

/** Head and JSON are two prints of the same description. */
function make_head( string $kind, int $id ): array {
	$json = array( 'post' => __NAMESPACE__ . '\post_head', 'term' => __NAMESPACE__ . '\term_head', 'user' => __NAMESPACE__ . '\user_head' )[ $kind ]( $id );
	return array( 'html' => print_head( $json ), 'json' => $json );
}

add_action( 'rest_api_init', static function () {
	$kinds = array( 'post' => array( 'post', 'page', 'book' ), 'term' => array( 'category', 'tag', 'genre' ), 'user' => array( 'user' ) );
	foreach ( $kinds as $kind => $types ) {
		foreach ( array( 'yoast_head' => 'html', 'yoast_head_json' => 'json' ) as $field => $part ) {
			register_rest_field( $types, $field, array(
				'get_callback' => static fn( $item ) => isset( $item['id'] ) ? head( $kind, $item['id'] )[ $part ] : null,
			) );
		}
	}

	// The plugin's own route: the head of the page at an address.
	register_rest_route( 'yoast/v1', '/get_head', array(
		'methods'             => 'GET',
		'permission_callback' => '__return_true',
		'args'                => array( 'url' => array( 'required' => true, 'type' => 'string' ) ),
		'callback'            => static function ( $request ) {
			$is_home = untrailingslashit( $request['url'] ) === untrailingslashit( home_url() );
			$id      = $is_home ? (int) get_option( 'page_on_front' ) : url_to_postid( $request['url'] );
			if ( ! $id ) {
				return new \WP_REST_Response( array( 'html' => '', 'json' => array(), 'status' => 404 ), 404 );
			}
			return array( 'status' => 200 ) + head( 'post', $id );
		},
	) );
} );

<?php
/**
 * Plugin Name: Headgate demo fields
 * Description: Gives books the field "acf" as Advanced Custom Fields does for a group that is shown in REST: its schema, its values and its links.
 */

/** The schema of each field, as the types of ACF print them. */
function headgate_demo_acf_fields(): array {
	$one        = static fn( string $type, array $more = array() ) => array( 'type' => array( $type, 'null' ), 'required' => false ) + $more;
	$references = static fn( array $more = array() ) => array( 'type' => array( 'integer', 'array', 'null' ), 'required' => false, 'items' => array( 'type' => 'integer' ) ) + $more;
	return array(
		'tagline'        => $one( 'string' ), // text
		'price'          => $one( 'number' ),
		'on_loan'        => $one( 'boolean' ), // true_false
		'condition'      => array( // select
			'type'     => array( 'string', 'array', 'int', 'null' ),
			'required' => false,
			'items'    => array( 'type' => array( 'string', 'int' ), 'enum' => array( 'new', 'used', 'worn' ) ),
			'maxItems' => 1,
		),
		'bought_on'      => $one( 'string', array( 'description' => 'A `Ymd` formatted date string.' ) ), // date_picker
		'back_cover'     => $one( 'integer' ), // image
		'reviewed_in'    => $references( array( 'maxItems' => 1 ) ), // post_object
		'read_next'      => $references(), // relationship
		'also_shelved'   => $references(), // taxonomy
		'recommended_by' => $references( array( 'maxItems' => 1 ) ), // user
		'first_edition'  => $one( 'object', array( // group
			'properties' => array( 'year' => $one( 'number' ), 'city' => $one( 'string' ), 'scan' => $one( 'integer' ) ),
		) ),
		'quotes'         => $one( 'array', array( // repeater
			'items' => array(
				'type'       => 'object',
				'properties' => array( 'text' => $one( 'string' ), 'page' => $one( 'number' ), 'picture' => $one( 'integer' ) ),
			),
		) ),
	);
}

add_action( 'rest_api_init', static function () {
	register_rest_field( 'book', 'acf', array(
		'schema'          => array( 'description' => 'ACF field data', 'type' => 'object', 'properties' => headgate_demo_acf_fields() ),
		'get_callback'    => static function ( $book ) {
			$stored = get_post_meta( $book['id'] );
			$values = array();
			foreach ( array_keys( headgate_demo_acf_fields() ) as $name ) {
				$values[ $name ] = isset( $stored[ $name ] ) ? get_post_meta( $book['id'], $name, true ) : null;
			}
			// The table of metadata has nothing but text.
			$values['price']   = is_numeric( $values['price'] ) ? (float) $values['price'] : null;
			$values['on_loan'] = (bool) $values['on_loan'];
			foreach ( array( 'back_cover', 'reviewed_in', 'recommended_by' ) as $name ) {
				$values[ $name ] = is_numeric( $values[ $name ] ) ? (int) $values[ $name ] : $values[ $name ];
			}
			return $values;
		},
		'update_callback' => static function ( $values, $book ) {
			foreach ( array_intersect_key( (array) $values, headgate_demo_acf_fields() ) as $name => $value ) {
				update_post_meta( $book->ID, $name, wp_slash( $value ) );
			}
		},
	) );
} );

// The kind of what a field refers to is in the links alone. As in ACF, those of groups and repeaters have none.
add_filter( 'rest_prepare_book', static function ( WP_REST_Response $response, WP_Post $book ) {
	// Nor are there any where the fields themselves are left out.
	if ( ! isset( $response->get_data()['acf'] ) ) {
		return $response;
	}
	$link = static fn( string $rel, ?string $route, array $more = array() ) => $route && $response->add_link( "acf:$rel", rest_url( $route ), array( 'embeddable' => true ) + $more );
	$ids  = static fn( string $name ) => array_filter( (array) get_post_meta( $book->ID, $name, true ) );
	foreach ( $ids( 'back_cover' ) as $id ) {
		$link( 'attachment', rest_get_route_for_post( (int) $id ) );
	}
	foreach ( array( ...$ids( 'reviewed_in' ), ...$ids( 'read_next' ) ) as $id ) {
		$link( 'post', rest_get_route_for_post( (int) $id ) );
	}
	foreach ( $ids( 'also_shelved' ) as $id ) {
		$link( 'term', rest_get_route_for_term( (int) $id ), array( 'taxonomy' => 'genre' ) );
	}
	foreach ( $ids( 'recommended_by' ) as $id ) {
		$link( 'user', "/wp/v2/users/$id" );
	}
	return $response;
}, 10, 2 );

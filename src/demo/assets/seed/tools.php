<?php
/**
 * Small makers that every part of the seed uses.
 */

namespace Headgate\Demo\Seed;

/** The id, or an end: a half-seeded site must not be kept. */
function must( $result ): int {
	if ( is_wp_error( $result ) ) {
		throw new \RuntimeException( $result->get_error_message() );
	}
	if ( ! is_numeric( $result ) || $result < 1 ) {
		throw new \RuntimeException( 'WordPress refused an object: ' . wp_json_encode( $result ) );
	}
	return (int) $result;
}

/**
 * Makes a post of any type under a fixed id.
 *
 * Beside the fields of wp_insert_post without their prefix it takes: date, modified, terms, image, meta, format, sticky.
 */
function make_post( int $id, array $post ): int {
	$status = $post['status'] ?? 'publish';
	$row    = array(
		'import_id'      => $id,
		'post_type'      => $post['type'] ?? 'post',
		'post_status'    => $status,
		'post_title'     => $post['title'] ?? '',
		'post_name'      => $post['slug'] ?? '',
		'post_content'   => $post['content'] ?? '',
		'post_excerpt'   => $post['excerpt'] ?? '',
		'post_author'    => $post['author'] ?? 2,
		'post_date'      => $post['date'],
		'post_parent'    => $post['parent'] ?? 0,
		'menu_order'     => $post['order'] ?? 0,
		'post_password'  => $post['password'] ?? '',
		'comment_status' => $post['comments'] ?? 'open',
		'ping_status'    => $post['pings'] ?? 'open',
		'meta_input'     => $post['meta'] ?? array(),
		'guid'           => HOST . "/?p=$id",
	);
	must( wp_insert_post( wp_slash( $row ), true ) );
	if ( (int) get_post_field( 'ID', $id ) !== $id ) {
		throw new \RuntimeException( "Post $id has got another id" );
	}
	foreach ( $post['terms'] ?? array() as $taxonomy => $slugs ) {
		$ids = array_map( static fn( $slug ) => term( $taxonomy, $slug ), $slugs );
		$set = wp_set_object_terms( $id, $ids, $taxonomy );
		must( is_wp_error( $set ) ? $set : 1 );
	}
	if ( isset( $post['image'] ) ) {
		set_post_thumbnail( $id, $post['image'] );
	}
	if ( isset( $post['format'] ) ) {
		set_post_format( $id, $post['format'] );
	}
	if ( $post['sticky'] ?? false ) {
		stick_post( $id );
	}
	if ( isset( $post['modified'] ) ) {
		set_row( $id, array( 'post_modified' => $post['modified'], 'post_modified_gmt' => get_gmt_from_date( $post['modified'] ) ) );
	}
	return $id;
}

/** Writes columns of a post as they are, where WordPress would put the present time or clean up. */
function set_row( int $id, array $columns ): void {
	global $wpdb;
	$wpdb->update( $wpdb->posts, $columns, array( 'ID' => $id ) );
	clean_post_cache( $id );
}

/** The id of a term made before. */
function term( string $taxonomy, string $slug ): int {
	$term = get_term_by( 'slug', $slug, $taxonomy );
	if ( ! $term ) {
		throw new \RuntimeException( "No term $slug in $taxonomy" );
	}
	return $term->term_id;
}

/** A few sentences that are the same at every run. */
function prose( int $seed, int $sentences ): string {
	$pool = array(
		'The first kettle of the day is for the person who unlocked the door.',
		'A gateway that forgets nothing is only a second database.',
		'We measured it twice, once in the morning and once after the delivery of the milk.',
		'Rain on the window, and the tests are green.',
		'“Ask for what you need,” said the barista, “and you will not get the whole menu.”',
		'Nobody reads the manual until the machine makes a sound it has never made before.',
		'The harbour lies three streets down, which is why the wi-fi smells of salt.',
		'Some queries are small talk; others want to know everything about you.',
		'It took an afternoon, two notebooks & a borrowed pencil to draw the schema.',
		'Every list ends somewhere, even when the last page is shorter than the others.',
		'What was true a minute ago is usually still true.',
		'In the back room a server hums at 50 Hz, a little flat.',
		'She counted the cups: 12 < 20, so there would be a queue.',
		'Tie two dates together and see which one the database lets go of first.',
		'The cake is not a lie; it is, however, cached.',
		'Sometimes the shortest answer is null, and that is an answer too.',
	);
	$text = array();
	for ( $i = 0; $i < $sentences; $i++ ) {
		$text[] = $pool[ ( $seed * 7 + $i * 5 ) % count( $pool ) ];
	}
	return implode( ' ', $text );
}

/** Paragraph blocks. */
function paragraphs( int $seed, int $count, int $sentences = 4 ): string {
	$blocks = array();
	for ( $i = 0; $i < $count; $i++ ) {
		$blocks[] = block( 'paragraph', '<p>' . prose( $seed + $i * 3, $sentences ) . '</p>' );
	}
	return implode( "\n\n", $blocks );
}

/** A block with its comment marks. */
function block( string $name, string $html, array $attributes = array() ): string {
	$json = $attributes ? ' ' . wp_json_encode( $attributes, JSON_UNESCAPED_SLASHES ) : '';
	return "<!-- wp:$name$json -->\n$html\n<!-- /wp:$name -->";
}

/** An image block with the address of one of the sizes. */
function image_block( int $id, string $size = 'large', string $caption = '' ): string {
	$url  = wp_get_attachment_image_url( $id, $size );
	$alt  = esc_attr( get_post_meta( $id, '_wp_attachment_image_alt', true ) );
	$note = $caption ? "<figcaption class=\"wp-element-caption\">$caption</figcaption>" : '';
	return block( 'image', "<figure class=\"wp-block-image size-$size\"><img src=\"$url\" alt=\"$alt\" class=\"wp-image-$id\"/>$note</figure>", array( 'id' => $id, 'sizeSlug' => $size, 'linkDestination' => 'none' ) );
}

<?php
/**
 * The post type "book", with meta of every type: ids 301 to 312.
 */

namespace Headgate\Demo\Seed;

return static function (): void {
	$books = array(
		// title, slug, genres, isbn, pages, in print, rating, awards
		301 => array( 'The Left Hand of Brewing', 'left-hand-of-brewing', array( 'science-fiction' ), '9780000000301', 304, true, 4.5, array( 'Golden Bean', 'Best Foam' ) ),
		302 => array( 'Espresso & Einsamkeit', 'espresso-und-einsamkeit', array( 'lyrik' ), '9780000000302', 96, true, 3.25, array() ),
		303 => array( '珈琲の本', '珈琲の本', array( 'non-fiction' ), '9780000000303', 212, false, 5.0, array( '東京賞' ) ),
		304 => array( 'Queries for "Beginners"', 'queries-for-beginners', array( 'non-fiction' ), '9780000000304', 480, true, 2.75, array() ),
		305 => array( 'The Cache', 'the-cache', array( 'fiction', 'science-fiction' ), '9780000000305', 333, false, 3.9, array( 'Stale Award' ) ),
		306 => array( 'A Short Book', 'a-short-book', array( 'fiction' ), '', 12, true, null, array() ),
		307 => array( 'Gedichte über Käse', 'gedichte-ueber-kaese', array( 'lyrik' ), '9780000000307', 64, true, 4.0, array() ),
		308 => array( 'Pagination: A Thriller', 'pagination-a-thriller', array( 'fiction' ), '9780000000308', 512, true, 4.1, array() ),
		309 => array( 'Null and Other Answers', 'null-and-other-answers', array( 'non-fiction' ), '9780000000309', 0, false, null, array() ),
		310 => array( 'Same Shelf, One', 'same-shelf-one', array( 'fiction' ), '', 100, false, 1.0, array() ),
		311 => array( 'Same Shelf, Two', 'same-shelf-two', array( 'fiction' ), '', 100, false, 1.0, array() ),
		312 => array( 'A Book without a Genre', 'a-book-without-a-genre', array(), '9780000000312', 77, true, 3.0, array() ),
	);
	foreach ( $books as $id => [ $title, $slug, $genres, $isbn, $pages, $printed, $rating, $awards ] ) {
		$meta = array( 'page_count' => $pages, 'in_print' => $printed ) + array_filter( array(
			'isbn'       => $isbn,
			'rating'     => $rating,
			'awards'     => $awards,
			'dimensions' => 0 === $id % 2 ? array( 'width' => 12.5, 'height' => 19, 'unit' => 'cm' ) : null,
		) );
		make_post( $id, array(
			'type'    => 'book',
			'title'   => $title,
			'slug'    => $slug,
			'content' => paragraphs( $id, 2 ),
			'excerpt' => 0 === $id % 3 ? "About “{$title}” & its reader." : '',
			'author'  => 2 + $id % 4,
			'date'    => in_array( $id, array( 310, 311 ), true ) ? '2024-10-10 10:10:10' : sprintf( '2024-%02d-20 15:30:00', $id - 300 ),
			'order'   => intdiv( 320 - $id, 3 ),
			'image'   => 0 === $id % 2 ? 402 : 404,
			'meta'    => $meta,
			'terms'   => array_filter( array( 'genre' => $genres ) ),
		) );
	}
};

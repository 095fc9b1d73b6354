<?php
/**
 * The post type "book", with meta of every type: ids 301 to 312. Two of them have fields of ACF as well.
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
	$more = array(
		301 => array(
			// Registered metadata.
			'printed_at'     => '2023-04-05 06:07:08', // SQLite's translation would not keep a T and a Z
			'sequel'         => 305,
			'translations'   => array( 302, 303 ),
			'editions'       => array( array( 'year' => 2019, 'cover' => 'hard' ), array( 'year' => 2023, 'cover' => 'soft' ) ),
			'publisher'      => array( 'name' => 'Crema & Sons', 'address' => array( 'city' => 'Trieste' ) ),
			// Fields of ACF, stored as it stores them.
			'tagline'        => 'Winter is a roast',
			'price'          => '12.5',
			'on_loan'        => '1',
			'condition'      => 'used',
			'bought_on'      => '20240131',
			'back_cover'     => '402',
			'reviewed_in'    => '4301',
			'read_next'      => array( 303, 305 ),
			'also_shelved'   => array( term( 'genre', 'fiction' ), term( 'genre', 'lyrik' ) ),
			'recommended_by' => '3',
			'first_edition'  => array( 'year' => 1969, 'city' => 'Trieste', 'scan' => 404 ),
			'quotes'         => array(
				array( 'text' => 'The milk is the left hand of the coffee.', 'page' => 12, 'picture' => 402 ),
				array( 'text' => '“Grind finer.”', 'page' => null, 'picture' => null ),
			),
		),
		302 => array(
			'tagline'        => 'Zwölf Gedichte & eine Tasse',
			'price'          => '9',
			'on_loan'        => '0',
			'condition'      => 'new',
			'read_next'      => array( 307 ),
			'recommended_by' => '2',
			'quotes'         => false,
		),
	);
	foreach ( $books as $id => [ $title, $slug, $genres, $isbn, $pages, $printed, $rating, $awards ] ) {
		$meta = array( 'page_count' => $pages, 'in_print' => $printed ) + array_filter( array(
			'isbn'       => $isbn,
			'rating'     => $rating,
			'awards'     => $awards,
			'dimensions' => 0 === $id % 2 ? array( 'width' => 12.5, 'height' => 19, 'unit' => 'cm' ) : null,
		) ) + ( $more[ $id ] ?? array() );
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
		foreach ( 301 === $id ? array( 'Ada', 'Grace' ) : array() as $translator ) {
			add_post_meta( $id, 'translators', $translator );
		}
	}
};

<?php
/**
 * Published posts that make lists long and dates equal: ids 139 to 160.
 */

namespace Headgate\Demo\Seed;

return static function (): void {
	$ties = array(
		// Groups of posts of the very same second.
		'2024-05-01 12:00:00' => range( 139, 145 ),
		'2024-12-24 18:00:00' => range( 146, 148 ),
		'2023-03-03 03:03:03' => range( 149, 150 ),
	);
	foreach ( $ties as $date => $ids ) {
		foreach ( $ids as $index => $id ) {
			make_post( $id, array(
				'title'    => sprintf( 'Tied %s, %d of %d', substr( $date, 0, 10 ), $index + 1, count( $ids ) ),
				'slug'     => sprintf( 'tied-%s-%d', substr( $date, 0, 10 ), $index + 1 ),
				'content'  => paragraphs( $id, 2 ),
				'author'   => 2 + $index % 4,
				'date'     => $date,
				'modified' => 139 <= $id && $id <= 145 ? '2024-06-01 09:00:00' : $date, // equal here, too
				'image'    => 0 === $index % 2 ? 408 : 406,
				'terms'    => array( 'category' => array( 'code' ), 'post_tag' => array( 'ties' ) ),
			) );
		}
	}
	for ( $id = 151; $id <= 160; $id++ ) {
		$number = $id - 150;
		make_post( $id, array(
			'title'   => "Field notes $number",
			'slug'    => "field-notes-$number",
			'content' => paragraphs( $id, 3 ),
			'excerpt' => 0 === $id % 2 ? "Notes from the field, number $number." : '',
			'author'  => 2 + $id % 4,
			'date'    => sprintf( '2025-%02d-%02d 16:%02d:00', 1 + intdiv( $number, 3 ), 3 + $number * 2, $number * 4 ),
			'image'   => 401 + $number % 2 * 5,
			'meta'    => array( 'reading_minutes' => 1 + $number % 4 ),
			'terms'   => array( 'category' => array( 0 === $id % 2 ? 'filter' : 'graphql' ), 'post_tag' => 0 === $id % 3 ? array( 'slow', 'espresso' ) : array( 'rest-api' ) ),
		) );
	}
};

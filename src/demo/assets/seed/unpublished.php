<?php
/**
 * What the public must not see: ids 161 to 172.
 */

namespace Headgate\Demo\Seed;

return static function (): void {
	$posts = array(
		161 => array( 'title' => 'A draft with a picture', 'slug' => 'a-draft-with-a-picture', 'status' => 'draft', 'author' => 5, 'image' => 410 ),
		162 => array( 'title' => 'A draft of the editor', 'slug' => 'a-draft-of-the-editor', 'status' => 'draft' ),
		163 => array( 'title' => 'Draft without a slug', 'status' => 'draft', 'author' => 6 ),
		164 => array( 'title' => 'Waiting for review', 'slug' => 'waiting-for-review', 'status' => 'pending', 'author' => 6 ),
		165 => array( 'title' => 'Private thoughts', 'slug' => 'private-thoughts', 'status' => 'private' ),
		166 => array( 'title' => 'Private notes of an author', 'slug' => 'private-notes', 'status' => 'private', 'author' => 5 ),
		167 => array( 'title' => 'From the future', 'slug' => 'from-the-future', 'status' => 'future', 'date' => '2099-01-01 00:00:00' ),
		168 => array( 'title' => 'From a later future', 'slug' => 'from-a-later-future', 'status' => 'future', 'date' => '2099-06-01 12:00:00' ),
		169 => array( 'title' => 'Thrown away', 'slug' => 'thrown-away', 'status' => 'trash' ),
		170 => array( 'title' => 'A page in the making', 'slug' => 'a-page-in-the-making', 'type' => 'page', 'status' => 'draft' ),
		171 => array( 'title' => 'A private page', 'slug' => 'a-private-page', 'type' => 'page', 'status' => 'private' ),
		172 => array( 'title' => 'An unwritten book', 'slug' => 'an-unwritten-book', 'type' => 'book', 'status' => 'draft' ),
	);
	foreach ( $posts as $id => $post ) {
		$post += array( 'date' => sprintf( '2025-02-%02d 11:00:00', $id - 160 ), 'content' => paragraphs( $id, 2 ), 'terms' => array() );
		$terms = 'post' === ( $post['type'] ?? 'post' ) ? array( 'category' => array( 'code' ) ) : array();
		make_post( $id, array( 'terms' => $terms ) + $post );
		$when = min( $post['date'], '2025-02-28 11:00:00' ); // a draft's change is otherwise "now"
		set_row( $id, array( 'post_modified' => $when, 'post_modified_gmt' => get_gmt_from_date( $when ) ) );
	}
	// An attachment is as visible as what it is attached to.
	set_row( 410, array( 'post_parent' => 161 ) );
};

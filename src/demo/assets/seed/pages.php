<?php
/**
 * Pages, up to three levels deep: ids 201 to 212.
 */

namespace Headgate\Demo\Seed;

return static function (): void {
	$pages = array(
		201 => array( 'title' => 'Welcome', 'slug' => 'welcome', 'order' => 0, 'image' => 401 ),
		202 => array( 'title' => 'Journal', 'slug' => 'journal', 'order' => 1, 'content' => '' ),
		203 => array( 'title' => 'Privacy & cookies', 'slug' => 'privacy', 'order' => 90, 'comments' => 'closed' ),
		204 => array( 'title' => 'About', 'slug' => 'about', 'order' => 2, 'image' => 406, 'comments' => 'open', 'meta' => array( '_yoast_wpseo_metadesc' => 'Who we are & why.' ) ),
		205 => array( 'title' => 'Team', 'slug' => 'team', 'parent' => 204, 'order' => 2 ),
		206 => array( 'title' => 'History', 'slug' => 'history', 'parent' => 204, 'order' => 1 ),
		207 => array( 'title' => 'Jürgen at work', 'slug' => 'juergen', 'parent' => 205, 'order' => 1, 'author' => 3 ),
		208 => array( 'title' => '日本のチーム', 'slug' => '日本', 'parent' => 205, 'order' => 2, 'author' => 4, 'content' => block( 'paragraph', '<p>東京から。</p>' ) ),
		209 => array( 'title' => 'Contact', 'slug' => 'contact', 'order' => 3, 'content' => block( 'paragraph', '<p>We answer within a cardamom bun.</p>' ) ),
		210 => array( 'title' => 'Same order, first', 'slug' => 'same-order-first', 'order' => 50 ),
		211 => array( 'title' => 'Same order, second', 'slug' => 'same-order-second', 'order' => 50 ),
		212 => array( 'title' => 'Team', 'slug' => 'team', 'order' => 60, 'excerpt' => 'Another page with the slug of a child.', 'password' => '' ),
	);
	foreach ( $pages as $id => $page ) {
		$page += array( 'content' => paragraphs( $id, 2 ), 'comments' => 'closed', 'pings' => 'closed' );
		make_post( $id, $page + array( 'type' => 'page', 'date' => sprintf( '2023-06-%02d 09:00:00', $id - 200 ) ) );
	}
	set_row( 413, array( 'post_parent' => 209 ) );
	update_option( 'show_on_front', 'page' );
	update_option( 'page_on_front', 201 );
	update_option( 'page_for_posts', 202 );
	update_option( 'wp_page_for_privacy_policy', 203 );
};

<?php
/**
 * Two menus at their locations: items 501 to 512.
 */

namespace Headgate\Demo\Seed;

return static function (): void {
	$primary = must( wp_create_nav_menu( 'Primary menu' ) );
	$footer  = must( wp_create_nav_menu( 'Footer & more' ) );
	$page    = static fn( int $id ) => array( 'menu-item-type' => 'post_type', 'menu-item-object' => 'page', 'menu-item-object-id' => $id );
	$custom  = static fn( string $title, string $url ) => array( 'menu-item-type' => 'custom', 'menu-item-title' => $title, 'menu-item-url' => $url );
	$items   = array(
		// menu, parent item, what
		501 => array( $primary, 0, $custom( 'Home', HOST . '/' ) ),
		502 => array( $primary, 0, $page( 204 ) ),
		503 => array( $primary, 502, $page( 205 ) + array( 'menu-item-title' => 'The team', 'menu-item-attr-title' => 'Who is who', 'menu-item-classes' => 'highlight wide' ) ),
		504 => array( $primary, 503, $page( 208 ) ),
		505 => array( $primary, 502, $page( 206 ) ),
		506 => array( $primary, 0, array( 'menu-item-type' => 'taxonomy', 'menu-item-object' => 'category', 'menu-item-object-id' => term( 'category', 'coffee' ) ) ),
		507 => array( $primary, 0, array( 'menu-item-type' => 'post_type_archive', 'menu-item-object' => 'book', 'menu-item-title' => 'Books' ) ),
		508 => array( $primary, 0, array( 'menu-item-type' => 'post_type', 'menu-item-object' => 'post', 'menu-item-object-id' => 101 ) ),
		509 => array( $primary, 0, $custom( 'GraphQL & friends', 'https://graphql.org/?a=1&b=2' ) + array( 'menu-item-target' => '_blank', 'menu-item-xfn' => 'friend met', 'menu-item-description' => 'Leads elsewhere.' ) ),
		510 => array( $footer, 0, $page( 203 ) ),
		511 => array( $footer, 0, $page( 209 ) ),
		512 => array( $footer, 0, array( 'menu-item-type' => 'taxonomy', 'menu-item-object' => 'post_tag', 'menu-item-object-id' => term( 'post_tag', 'espresso' ) ) ),
	);
	foreach ( array_keys( $items ) as $index => $id ) {
		[ $menu, $parent, $item ] = $items[ $id ];
		// wp_update_nav_menu_item chooses ids itself, but updates an item that is there.
		must( wp_insert_post( array( 'import_id' => $id, 'post_type' => 'nav_menu_item', 'post_status' => 'draft', 'post_title' => 'Item', 'post_date' => '2023-07-01 12:00:00' ), true ) );
		must( wp_update_nav_menu_item( $menu, $id, wp_slash( $item + array( 'menu-item-parent-id' => $parent, 'menu-item-position' => $index + 1, 'menu-item-status' => 'publish' ) ) ) );
		set_row( $id, array( 'post_date' => '2023-07-01 12:00:00', 'post_date_gmt' => '2023-07-01 10:00:00', 'post_modified' => '2023-07-01 12:00:00', 'post_modified_gmt' => '2023-07-01 10:00:00' ) );
	}
	set_theme_mod( 'nav_menu_locations', array( 'primary' => $primary, 'footer' => $footer ) );
};

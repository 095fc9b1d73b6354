<?php
/**
 * Fills the installed site. Ids and dates are fixed: tests and examples name them.
 */

namespace Headgate\Demo\Seed;

define( 'WP_IMPORTING', true ); // no pings, nothing put aside for WP-Cron
require '/wordpress/wp-load.php';
require ABSPATH . 'wp-admin/includes/image.php';
require ABSPATH . 'wp-admin/includes/nav-menu.php';

const HOST = 'http://demo.headgate.invalid'; // each start puts its own address in the place of this one

wp_set_current_user( 1 ); // an administrator's HTML is kept as it is
add_filter( 'wp_image_editors', static fn() => array( 'WP_Image_Editor_GD' ) );
add_filter( 'notify_moderator', '__return_false' );

wp_defer_term_counting( true );

require __DIR__ . '/tools.php';
foreach ( array( 'settings', 'users', 'terms', 'media', 'posts', 'field-notes', 'unpublished', 'pages', 'books', 'seed-post', 'comments', 'menus', 'credentials' ) as $part ) {
	$started = microtime( true );
	( require __DIR__ . "/$part.php" )();
	printf( "%s %.2f s\n", $part, microtime( true ) - $started );
}
wp_defer_term_counting( false );
flush_rewrite_rules( false );

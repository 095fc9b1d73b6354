<?php
/**
 * The settings of the site.
 */

namespace Headgate\Demo\Seed;

return static function (): void {
	$options = array(
		'blogdescription'   => 'A “real” site for REST & GraphQL, \'with quotes\'',
		'date_format'       => 'j. F Y',
		'time_format'       => 'H:i',
		'start_of_week'     => 1,
		'posts_per_page'    => 10,
		'comment_moderation' => 0,
		'comment_previously_approved' => 0,
		'comments_notify'   => 0,
		'moderation_notify' => 0,
		'default_pingback_flag' => 0,
		'thread_comments_depth' => 5,
		'uploads_use_yearmonth_folders' => 1,
	);
	foreach ( $options as $name => $value ) {
		update_option( $name, $value );
	}
};

<?php
/**
 * The post of which a real site's answer is recorded, as it was there: id 4301 with picture 4302.
 */

namespace Headgate\Demo\Seed;

return static function (): void {
	$recorded = json_decode( file_get_contents( WPMU_PLUGIN_DIR . '/headgate-demo-seo/recorded.json' ), true );
	make_post( 4301, array(
		'title'   => html_entity_decode( $recorded['title']['rendered'], ENT_QUOTES ),
		'slug'    => $recorded['slug'],
		// As an HTML block it is printed as it is: the recording is already filtered.
		'content' => '<!-- wp:html -->' . $recorded['content']['rendered'] . '<!-- /wp:html -->',
		'excerpt' => trim( $recorded['excerpt']['rendered'] ),
		'author'  => 1,
		'date'    => str_replace( 'T', ' ', $recorded['date'] ),
		'image'   => 4302,
		'terms'   => array( 'category' => array( 'immigration-services-at-one-place' ) ),
	) );
	set_row( 4301, array(
		// The recorded site kept UTC, and no comment status at all.
		'post_date_gmt'     => str_replace( 'T', ' ', $recorded['date_gmt'] ),
		'post_modified'     => str_replace( 'T', ' ', $recorded['modified'] ),
		'post_modified_gmt' => str_replace( 'T', ' ', $recorded['modified_gmt'] ),
		'comment_status'    => $recorded['comment_status'],
		'guid'              => $recorded['guid']['rendered'],
	) );
	set_row( 4302, array( 'post_parent' => 4301 ) );
};

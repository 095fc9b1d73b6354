<?php
/**
 * Categories (nested), tags, genres. The default category, id 1, came with the installation.
 */

namespace Headgate\Demo\Seed;

return static function (): void {
	$terms = array(
		// taxonomy, slug, name, parent, description, color
		array( 'category', 'coffee', 'Coffee', '', 'Beans, water & <em>time</em>.', '#6f4e37' ),
		array( 'category', 'brewing', 'Brewing & Roasting', 'coffee', '', '#a0522d' ),
		array( 'category', 'filter', 'Filter', 'brewing', 'Slow coffee.', '' ),
		array( 'category', 'code', 'Code', '', 'Of programs and the people who read them.', '#1e90ff' ),
		array( 'category', 'graphql', 'GraphQL', 'code', '', '#e10098' ),
		array( 'category', 'kaese-oel', 'Käse & Öl', '', 'Für Gäste: "Brotzeit".', '' ),
		array( 'category', 'empty-shelf', 'Empty shelf', '', 'Nothing is filed here.', '' ),
		array( 'post_tag', 'espresso', 'Espresso', '', 'Short & strong.', '#3b2f2f' ),
		array( 'post_tag', 'rest-api', 'REST API', '', '', '' ),
		array( 'post_tag', 'cpp', 'C++', '', '', '' ),
		array( 'post_tag', 'question', 'Why?', '', '', '' ),
		array( 'post_tag', 'umlaut', 'Ärger & Übermut', '', '', '' ),
		array( 'post_tag', '日本', '日本', '', '日本についての記事', '' ),
		array( 'post_tag', 'emoji', '☕️ emoji', '', '', '' ),
		array( 'post_tag', '2024', '2024', '', 'A tag whose slug is a number.', '' ),
		array( 'post_tag', 'slow', 'slow', '', '', '' ),
		array( 'post_tag', 'ties', 'Ties', '', 'Posts of the very same second.', '' ),
		array( 'post_tag', 'quotes', '“Quotes” & more', '', '', '' ),
		array( 'post_tag', 'unused', 'Unused', '', '', '' ),
		array( 'genre', 'fiction', 'Fiction', '', 'Made up.', '#800080' ),
		array( 'genre', 'science-fiction', 'Science Fiction', 'fiction', '', '#4b0082' ),
		array( 'genre', 'non-fiction', 'Non-fiction', '', 'Not made up, or not much.', '' ),
		array( 'genre', 'lyrik', 'Lyrik & Gedichte', '', '', '' ),
	);
	foreach ( $terms as [ $taxonomy, $slug, $name, $parent, $description, $color ] ) {
		$arguments = array( 'slug' => $slug, 'description' => $description, 'parent' => $parent ? term( $taxonomy, $parent ) : 0 );
		$term      = wp_insert_term( wp_slash( $name ), $taxonomy, wp_slash( $arguments ) );
		must( is_wp_error( $term ) ? $term : $term['term_id'] );
		if ( $color ) {
			update_term_meta( $term['term_id'], 'color', $color );
		}
	}
	wp_update_term( 1, 'category', array( 'description' => 'Imported from elsewhere.' ) );
};

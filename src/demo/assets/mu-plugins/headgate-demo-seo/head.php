<?php
/**
 * What is said of a post, a term or a user, and how it is printed as HTML.
 */

namespace Headgate\Demo\Seo;

/** The part that every kind of page has. */
function common( string $title, string $description, string $url, string $type, string $summary = '' ): array {
	$head = array( 'title' => $title );
	if ( $description ) {
		$head['description'] = $description;
	}
	$head += array(
		'robots'    => array(
			'index'             => 'index',
			'follow'            => 'follow',
			'max-snippet'       => 'max-snippet:-1',
			'max-image-preview' => 'max-image-preview:large',
			'max-video-preview' => 'max-video-preview:-1',
		),
		'canonical' => $url,
		'og_locale' => 'en_US',
		'og_type'   => $type,
		'og_title'  => $title,
	);
	$social = $description ?: $summary;
	return $head + ( $social ? array( 'og_description' => $social ) : array() ) + array( 'og_url' => $url, 'og_site_name' => site_name() );
}

function post_image( \WP_Post $post ): ?array {
	$id = get_post_thumbnail_id( $post );
	if ( ! $id ) {
		return null;
	}
	$meta = wp_get_attachment_metadata( $id );
	return array(
		'width'   => (int) ( $meta['width'] ?? 0 ),
		'height'  => (int) ( $meta['height'] ?? 0 ),
		'url'     => wp_get_attachment_url( $id ),
		'type'    => get_post_mime_type( $id ),
		'caption' => wp_get_attachment_caption( $id ) ?: '',
	);
}

function utc( string $time ): string {
	return ( new \DateTimeImmutable( $time, new \DateTimeZone( 'UTC' ) ) )->format( DATE_W3C );
}

function post_head( int $id ): array {
	$post  = get_post( $id );
	$user  = get_userdata( (int) $post->post_author );
	$url   = get_permalink( $post );
	$name  = wp_strip_all_tags( get_the_title( $post ) );
	$title = ( '' === $name ? '' : $name . ' - ' ) . site_name();
	$image = post_image( $post );
	$text  = post_password_required( $post ) ? '' : trim( wp_strip_all_tags( strip_shortcodes( $post->post_content ) ) );
	$about = (string) get_post_meta( $id, '_yoast_wpseo_metadesc', true );
	$short = wp_strip_all_tags( $post->post_excerpt ) ?: wp_trim_words( $text, 55, '&hellip;' );
	$front = 'page' === $post->post_type && (int) get_option( 'page_on_front' ) === $id;

	$head      = common( $title, $about, $url, $front ? 'website' : 'article', $short );
	$published = utc( $post->post_date_gmt );
	$modified  = utc( $post->post_modified_gmt );
	$changed   = $modified !== $published ? $modified : null;
	if ( 'post' === $post->post_type ) {
		$head['article_published_time'] = $published;
	}
	if ( $changed ) {
		$head['article_modified_time'] = $changed;
	}
	if ( $image ) {
		$head['og_image'] = array( array_diff_key( $image, array( 'caption' => 1 ) ) );
	}
	$words   = count( preg_split( '/\s+/u', $text, -1, PREG_SPLIT_NO_EMPTY ) );
	$minutes = (int) ceil( $words / 200 );
	$misc    = array();
	if ( 'post' === $post->post_type && $user ) {
		$head['author']     = $user->display_name;
		$misc['Written by'] = $user->display_name;
	}
	if ( $minutes ) {
		$misc['Est. reading time'] = sprintf( 1 === $minutes ? '%d minute' : '%d minutes', $minutes );
	}
	$head['twitter_card'] = 'summary_large_image';
	$handle               = $user ? get_user_meta( $user->ID, 'twitter', true ) : '';
	if ( 'post' === $post->post_type && $handle ) {
		$head['twitter_creator'] = '@' . $handle;
	}
	if ( $misc ) {
		$head['twitter_misc'] = $misc;
	}

	$times = array( 'datePublished' => $published ) + ( $changed ? array( 'dateModified' => $changed ) : array() ) + ( $about ? array( 'description' => $about ) : array() );
	$trail = array_map( static fn( $parent ) => array( get_the_title( $parent ), get_permalink( $parent ) ), array_reverse( get_post_ancestors( $post ) ) );
	$head['schema'] = graph(
		'post' === $post->post_type && $user ? article( $post, $user, $url, $name, $image, $words, $published, $changed ) : array(),
		piece_page( 'WebPage', $url, $title, $image, $times ),
		piece_image( $url, $image ),
		piece_breadcrumb( $url, array( ...$trail, array( $name, $url ) ) ),
		piece_web_site(),
		piece_organization(),
		'post' === $post->post_type && $user ? piece_person( $user ) : array()
	);
	return $head;
}

function article( \WP_Post $post, \WP_User $user, string $url, string $name, ?array $image, int $words, string $published, ?string $changed ): array {
	$names = static fn( string $taxonomy ) => array_column( array_filter( (array) get_the_terms( $post, $taxonomy ) ), 'name' );
	$piece = array(
		'@type'            => 'Article',
		'@id'              => $url . '#article',
		'isPartOf'         => array( '@id' => $url ),
		'author'           => array( 'name' => $user->display_name, '@id' => person_id( $user->ID ) ),
		'headline'         => $name,
		'datePublished'    => $published,
		'dateModified'     => $changed,
		'mainEntityOfPage' => array( '@id' => $url ),
		'wordCount'        => $words,
		'commentCount'     => (int) $post->comment_count,
		'publisher'        => array( '@id' => home_url( '/#organization' ) ),
		'image'            => $image ? array( '@id' => $url . '#primaryimage' ) : null,
		'thumbnailUrl'     => $image['url'] ?? null,
		'keywords'         => $names( 'post_tag' ) ?: null,
		'articleSection'   => $names( 'category' ) ?: null,
		'inLanguage'       => 'en-US',
	);
	return array_filter( $piece, static fn( $value ) => null !== $value );
}

function term_head( int $id ): array {
	$term  = get_term( $id );
	$url   = get_term_link( $term );
	$title = $term->name . ' Archives - ' . site_name();
	$about = wp_strip_all_tags( $term->description );
	$trail = array_map( static fn( $parent ) => array( get_term( $parent )->name, get_term_link( $parent ) ), array_reverse( get_ancestors( $id, $term->taxonomy, 'taxonomy' ) ) );
	return common( $title, $about, $url, 'article' ) + array(
		'twitter_card' => 'summary_large_image',
		'schema'       => graph(
			piece_page( 'CollectionPage', $url, $title, null, $about ? array( 'description' => $about ) : array() ),
			piece_breadcrumb( $url, array( ...$trail, array( $term->name, $url ) ) ),
			piece_web_site(),
			piece_organization()
		),
	);
}

function user_head( int $id ): array {
	$user  = get_userdata( $id );
	$url   = get_author_posts_url( $id );
	$title = $user->display_name . ', Author at ' . site_name();
	return common( $title, '', $url, 'profile' ) + array(
		'og_image'     => array( array( 'url' => get_avatar_url( $id, array( 'size' => 500 ) ), 'type' => '', 'width' => '', 'height' => '' ) ),
		'twitter_card' => 'summary_large_image',
		'schema'       => graph(
			piece_page( 'ProfilePage', $url, $title, null ),
			piece_breadcrumb( $url, array( array( 'Archives for ' . $user->display_name, $url ) ) ),
			piece_web_site(),
			piece_organization(),
			piece_person( $user, $url )
		),
	);
}

/** The same as HTML for the head of a page. */
function print_head( array $json ): string {
	$lines = array( '<!-- This site is optimized with the Yoast SEO plugin v27.4 - https://yoast.com/product/yoast-seo-wordpress/ -->', "<title>{$json['title']}</title>" );
	$meta  = static function ( string $attribute, string $name, $content ) use ( &$lines ) {
		if ( null !== $content && '' !== $content ) {
			$lines[] = sprintf( '<meta %s="%s" content="%s" />', $attribute, $name, esc_attr( $content ) );
		}
	};
	$meta( 'name', 'description', $json['description'] ?? null );
	$meta( 'name', 'robots', implode( ', ', $json['robots'] ) );
	$lines[] = sprintf( '<link rel="canonical" href="%s" />', esc_url( $json['canonical'] ) );
	foreach ( array( 'locale', 'type', 'title', 'description', 'url', 'site_name' ) as $key ) {
		$meta( 'property', "og:$key", $json[ "og_$key" ] ?? null );
	}
	$meta( 'property', 'article:published_time', $json['article_published_time'] ?? null );
	$meta( 'property', 'article:modified_time', $json['article_modified_time'] ?? null );
	foreach ( $json['og_image'] ?? array() as $image ) {
		$meta( 'property', 'og:image', $image['url'] );
		$meta( 'property', 'og:image:width', $image['width'] );
		$meta( 'property', 'og:image:height', $image['height'] );
		$meta( 'property', 'og:image:type', $image['type'] );
	}
	$meta( 'name', 'author', $json['author'] ?? null );
	$meta( 'name', 'twitter:card', $json['twitter_card'] );
	$meta( 'name', 'twitter:creator', $json['twitter_creator'] ?? null );
	$number = 0;
	foreach ( $json['twitter_misc'] ?? array() as $label => $data ) {
		++$number;
		$meta( 'name', "twitter:label$number", $label );
		$meta( 'name', "twitter:data$number", $data );
	}
	$lines[] = '<script type="application/ld+json" class="yoast-schema-graph">' . wp_json_encode( $json['schema'], JSON_UNESCAPED_UNICODE ) . '</script>';
	$lines[] = '<!-- / Yoast SEO plugin. -->';
	return implode( "\n", $lines );
}

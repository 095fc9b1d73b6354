<?php
/**
 * The pieces of the schema.org graph.
 */

namespace Headgate\Demo\Seo;

function site_name(): string {
	return get_bloginfo( 'name', 'display' );
}

function person_id( int $user ): string {
	return home_url( '/#/schema/person/' . md5( 'person ' . $user ) );
}

function piece_web_site(): array {
	return array(
		'@type'           => 'WebSite',
		'@id'             => home_url( '/#website' ),
		'url'             => home_url( '/' ),
		'name'            => site_name(),
		'description'     => get_bloginfo( 'description', 'display' ),
		'publisher'       => array( '@id' => home_url( '/#organization' ) ),
		'potentialAction' => array(
			array(
				'@type'       => 'SearchAction',
				'target'      => array( '@type' => 'EntryPoint', 'urlTemplate' => home_url( '/?s={search_term_string}' ) ),
				'query-input' => array( '@type' => 'PropertyValueSpecification', 'valueRequired' => true, 'valueName' => 'search_term_string' ),
			),
		),
		'inLanguage'      => 'en-US',
	);
}

function piece_organization(): array {
	return array( '@type' => 'Organization', '@id' => home_url( '/#organization' ), 'name' => site_name(), 'url' => home_url( '/' ) );
}

function piece_breadcrumb( string $url, array $trail ): array {
	$items = array();
	$trail = array( array( 'Home', home_url( '/' ) ), ...$trail );
	foreach ( $trail as $index => [ $name, $item ] ) {
		$step = array( '@type' => 'ListItem', 'position' => $index + 1, 'name' => $name );
		// The last step is the page itself and has no address.
		$items[] = $index < count( $trail ) - 1 ? $step + array( 'item' => $item ) : $step;
	}
	return array( '@type' => 'BreadcrumbList', '@id' => $url . '#breadcrumb', 'itemListElement' => $items );
}

function piece_image( string $url, ?array $image ): array {
	if ( ! $image ) {
		return array();
	}
	$piece = array(
		'@type'      => 'ImageObject',
		'inLanguage' => 'en-US',
		'@id'        => $url . '#primaryimage',
		'url'        => $image['url'],
		'contentUrl' => $image['url'],
		'width'      => $image['width'],
		'height'     => $image['height'],
	);
	return $image['caption'] ? $piece + array( 'caption' => $image['caption'] ) : $piece;
}

function piece_person( \WP_User $user, string $page = '' ): array {
	$avatar = get_avatar_url( $user->ID, array( 'size' => 96 ) );
	$piece  = array(
		'@type' => 'Person',
		'@id'   => person_id( $user->ID ),
		'name'  => $user->display_name,
		'image' => array(
			'@type'      => 'ImageObject',
			'inLanguage' => 'en-US',
			'@id'        => home_url( '/#/schema/person/image/' ),
			'url'        => $avatar,
			'contentUrl' => $avatar,
			'caption'    => $user->display_name,
		),
	);
	$bio = wp_strip_all_tags( $user->description );
	if ( $bio ) {
		$piece['description'] = $bio;
	}
	return $piece + ( $page ? array( 'mainEntityOfPage' => array( '@id' => $page ) ) : array( 'url' => get_author_posts_url( $user->ID ) ) );
}

function piece_page( string $type, string $url, string $title, ?array $image, array $more = array() ): array {
	$piece = array(
		'@type'    => $type,
		'@id'      => $url,
		'url'      => $url,
		'name'     => $title,
		'isPartOf' => array( '@id' => home_url( '/#website' ) ),
	);
	if ( $image ) {
		$piece['primaryImageOfPage'] = array( '@id' => $url . '#primaryimage' );
		$piece['image']              = array( '@id' => $url . '#primaryimage' );
		$piece['thumbnailUrl']       = $image['url'];
	}
	$piece += $more + array( 'breadcrumb' => array( '@id' => $url . '#breadcrumb' ), 'inLanguage' => 'en-US' );
	if ( 'CollectionPage' !== $type ) {
		$piece['potentialAction'] = array( array( '@type' => 'ReadAction', 'target' => array( $url ) ) );
	}
	return $piece;
}

function graph( array ...$pieces ): array {
	return array( '@context' => 'https://schema.org', '@graph' => array_values( array_filter( $pieces ) ) );
}

// Creates elements. Text is always inserted as text, never as HTML.

const SVG = 'http://www.w3.org/2000/svg';

/** @typedef {Record<string, string | number | boolean | null | undefined>} Attributes */

/**
 * @param {Element} node
 * @param {Attributes} attributes `true` sets an attribute without a value; `false`, null and undefined leave it out.
 * @param {(Node | string)[]} children
 */
function fill(node, attributes, children) {
    for (const [name, value] of Object.entries(attributes)) {
        if (value !== false && value !== null && value !== undefined)
            node.setAttribute(name, value === true ? '' : String(value));
    }
    node.append(...children);
}

/**
 * @template {keyof HTMLElementTagNameMap} K
 * @param {K} name
 * @param {Attributes} [attributes]
 * @param {(Node | string)[]} children
 * @returns {HTMLElementTagNameMap[K]}
 */
export function element(name, attributes = {}, ...children) {
    const node = document.createElement(name);
    fill(node, attributes, children);
    return node;
}

/**
 * @template {keyof SVGElementTagNameMap} K
 * @param {K} name
 * @param {Attributes} [attributes]
 * @param {(Node | string)[]} children
 * @returns {SVGElementTagNameMap[K]}
 */
export function svgElement(name, attributes = {}, ...children) {
    const node = document.createElementNS(SVG, name);
    fill(node, attributes, children);
    return node;
}

/**
 * Returns the page's element with this id and class.
 *
 * @template {HTMLElement} T
 * @param {string} id
 * @param {new () => T} Class
 * @returns {T}
 */
export function byId(id, Class) {
    const node = document.getElementById(id);
    if (!(node instanceof Class)) throw new Error(`the page has no ${Class.name} #${id}`);
    return node;
}

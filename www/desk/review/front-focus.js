// Where the focus goes after a label was set.

/**
 * It stays on a button that was pressed by keyboard. It goes to the post where a pointer pressed one, so that space
 * does not press it once more, and where what had it is gone.
 *
 * @param {HTMLElement} container
 * @param {HTMLElement} front The post.
 * @param {MouseEvent | null} event The click; null after a key.
 */
export function frontFocus(container, front, event) {
    const { activeElement } = document;
    const byPointer = event !== null && event.detail > 0;
    const isGone =
        !activeElement ||
        !container.contains(activeElement) ||
        activeElement.matches(':disabled') ||
        activeElement.closest('[hidden]') !== null;
    if (byPointer || isGone || activeElement === container) front.focus({ preventScroll: byPointer });
}

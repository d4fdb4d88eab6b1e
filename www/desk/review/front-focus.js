// Moves the focus after a label was set.

/**
 * The focus stays on a button that was pressed by keyboard. It moves to the post if a pointer pressed the button, so
 * that Space does not press it again, or if the focused element is gone.
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

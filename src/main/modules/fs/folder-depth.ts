/** How deep into folders an operation goes by itself: each level keeps a folder open. */
export const maxDepth = 100;

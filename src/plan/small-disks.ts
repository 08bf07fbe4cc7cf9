/**
 * The layout in which what parts write is on disks that are small enough to be filled. A scenario that needs it can also be run on a custom
 * pipeline whose own volumes are of limited size.
 */
export const smallDisks = "small-disks";

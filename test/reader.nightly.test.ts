import { testLiesAbout } from "./support/lied-about-history.ts";

testLiesAbout("whole", { lost: [], doubled: [] }, { lost: 0, duplicated: 0 });

import { storedBytes } from "../../core/stored-page.js";
import { PagePacker } from "../../replay/page-packs.js";
/** Where nodes of images are put without a keyframe: into packs of a store, whose numbers go on. */
export class ImageShelf {
  #packer;
  constructor(store) {
    this.#packer = new PagePacker(store.asStore);
  }
  put(canonical, references) {
    const { next } = this.#packer;
    this.#packer.put(storedBytes(canonical, references, next));
    this.#packer.flush();
    return next;
  }
}
//# sourceMappingURL=image-shelf.js.map

// Hands a text, or a blob, to the person as a file.

import {element} from './dom.js';

export function download(name, content, type) {
  const address = URL.createObjectURL(content instanceof Blob ? content : new Blob([content], {type: `${type};charset=utf-8`}));
  element('a', {href: address, download: name}).click();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}

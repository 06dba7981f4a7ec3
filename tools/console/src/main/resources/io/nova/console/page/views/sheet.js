// The style sheet of the views Charts and Duplicates, loaded with the first of them.

import {el} from '../dom.js';

const HREF = '/views/charts.css';

export function loadSheet() {
  if (!document.querySelector(`link[href="${HREF}"]`)) {
    document.head.append(el('link', {rel: 'stylesheet', href: HREF}));
  }
}

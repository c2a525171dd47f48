// Log-in with a token; the server answers with a cookie.

import {element, replace} from './dom.js';
import {t} from './i18n.js';

const form = document.getElementById('login');
const token = element('input', {type: 'password', name: 'token', autocomplete: 'current-password', required: true, autofocus: true, 'aria-label': t('token'), placeholder: t('token')});
const trouble = element('p.error', {role: 'alert'});
replace(form, element('img', {src: '/icon.svg', alt: ''}), element('h1', {}, t('product')), token,
    element('button.primary', {}, t('login')), trouble, element('small', {}, t('loginHint')));
form.addEventListener('submit', async (event) => {
  event.preventDefault();
  trouble.textContent = '';
  try {
    const answer = await fetch(`/login?token=${encodeURIComponent(token.value.trim())}`, {credentials: 'same-origin'});
    if (answer.ok) location.replace('/');
    else trouble.textContent = t('wrongToken');
  } catch {
    trouble.textContent = t('unreachable');
  }
});

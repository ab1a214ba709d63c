// The secret of an invitation follows the link behind its "#", which no browser sends to anybody.
// It is put in its field, and taken out of the address; without script it is pasted there.
"use strict";
(() => {
  const field = document.getElementById("secret");
  const secret = location.hash.slice(1);
  if (!field || !/^[\w-]{43}$/.test(secret)) return;
  field.value = secret;
  field.closest(".ds-field").hidden = true;
  history.replaceState(null, "", location.pathname);
})();

/** The page of the desktop window: says where the host listens. The address comes from the main process. */
const address = new URLSearchParams(location.search).get('address') ?? '';
const place = document.getElementById('address');
if (place !== null) place.textContent = address;

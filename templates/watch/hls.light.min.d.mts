/** hls.js's own file is served beside the page's; this tells the compiler what is in it. */
export { default } from 'hls.js'

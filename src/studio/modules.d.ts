// Owns the types of what Vite makes of imports.

declare module '*?worker' {
  const WorkerClass: new () => Worker;
  export default WorkerClass;
}
declare module '*.css';

declare var MonacoEnvironment: import('monaco-editor').Environment | undefined;

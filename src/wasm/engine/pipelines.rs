//! Pipelines that the browser compiles before burn asks for them.

use js_sys::{Array, Object, Promise, Reflect};
use wasm_bindgen::{JsCast, JsValue, prelude::wasm_bindgen};
use wasm_bindgen_futures::JsFuture;

#[wasm_bindgen]
extern "C" {
    /// The browser's device.
    #[wasm_bindgen(js_name = GPUDevice)]
    pub(crate) type GpuDevice;

    #[wasm_bindgen(method, catch, js_name = createShaderModule)]
    fn create_shader_module(this: &GpuDevice, descriptor: &Object) -> Result<JsValue, JsValue>;

    #[wasm_bindgen(method, catch, js_name = createComputePipelineAsync)]
    fn create_compute_pipeline_async(this: &GpuDevice, descriptor: &Object) -> Result<Promise, JsValue>;
}

impl<T: AsRef<JsValue>> From<&T> for GpuDevice {
    fn from(device: &T) -> Self {
        device.as_ref().clone().unchecked_into()
    }
}

/// Compiles kernels, all at once.
///
/// # Errors
/// What the browser says of the first that it refuses.
pub(crate) async fn compile(device: &GpuDevice, sources: &[String]) -> Result<(), String> {
    let pipelines: Result<Array, JsValue> = sources.iter().map(|source| pipeline(device, source)).collect();
    JsFuture::from(Promise::all(&pipelines.map_err(reason)?.into()))
        .await
        .map_err(reason)?;
    Ok(())
}

fn pipeline(device: &GpuDevice, source: &str) -> Result<Promise, JsValue> {
    let module = device.create_shader_module(&object(&[("code", source.into())])?)?;
    let stage = object(&[("module", module), ("entryPoint", "main".into())])?;
    device.create_compute_pipeline_async(&object(&[("layout", "auto".into()), ("compute", stage.into())])?)
}

fn object(fields: &[(&str, JsValue)]) -> Result<Object, JsValue> {
    let object = Object::new();
    for (name, value) in fields {
        Reflect::set(&object, &(*name).into(), value)?;
    }
    Ok(object)
}

fn reason(error: JsValue) -> String {
    let message = error
        .dyn_ref::<js_sys::Error>()
        .map(|error| String::from(error.message()));
    format!(
        "a kernel was refused: {}",
        message.unwrap_or_else(|| format!("{error:?}"))
    )
}

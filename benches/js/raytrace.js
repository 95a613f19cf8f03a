// Models a small ray tracer: vectors as objects, spheres and a checkered plane, two lights with shadows, and
// mirror reflections. Only +, -, *, / and square roots are used, so that every engine computes the same bits.
//
// Exercises: floating-point arithmetic, property access, many short-lived small objects.

globalThis.bench = (() => {
  'use strict';

  const WIDTH = 64;
  const HEIGHT = 48;
  const MAX_REFLECTIONS = 3;
  // Keeps a ray that leaves a surface from hitting that surface again.
  const SURFACE_OFFSET = 1e-6;

  class Vector {
    constructor(x, y, z) {
      this.x = x;
      this.y = y;
      this.z = z;
    }

    plus(other) {
      return new Vector(this.x + other.x, this.y + other.y, this.z + other.z);
    }

    minus(other) {
      return new Vector(this.x - other.x, this.y - other.y, this.z - other.z);
    }

    times(factor) {
      return new Vector(this.x * factor, this.y * factor, this.z * factor);
    }

    filteredBy(color) {
      return new Vector(this.x * color.x, this.y * color.y, this.z * color.z);
    }

    dot(other) {
      return this.x * other.x + this.y * other.y + this.z * other.z;
    }

    length() {
      return Math.sqrt(this.dot(this));
    }

    normalized() {
      return this.times(1 / this.length());
    }

    reflectedAt(normal) {
      return this.minus(normal.times(2 * this.dot(normal)));
    }
  }

  class Ray {
    constructor(origin, direction) {
      this.origin = origin;
      this.direction = direction;
    }

    at(distance) {
      return this.origin.plus(this.direction.times(distance));
    }
  }

  class Material {
    constructor(color, reflectivity, shine) {
      this.color = color;
      this.reflectivity = reflectivity;
      this.shine = shine;
    }

    colorAt() {
      return this.color;
    }
  }

  class Checkered extends Material {
    constructor(color, otherColor, reflectivity) {
      super(color, reflectivity, 0);
      this.otherColor = otherColor;
    }

    colorAt(point) {
      return ((Math.floor(point.x) + Math.floor(point.z)) & 1) === 0 ? this.color : this.otherColor;
    }
  }

  class Sphere {
    constructor(center, radius, material) {
      this.center = center;
      this.radius = radius;
      this.material = material;
    }

    // The distance along the ray to the nearest hit, or Infinity.
    hitDistance(ray) {
      const toCenter = this.center.minus(ray.origin);
      const along = toCenter.dot(ray.direction);
      const discriminant = along * along - toCenter.dot(toCenter) + this.radius * this.radius;
      if (discriminant < 0) return Infinity;
      const half = Math.sqrt(discriminant);
      if (along - half > SURFACE_OFFSET) return along - half;
      return along + half > SURFACE_OFFSET ? along + half : Infinity;
    }

    normalAt(point) {
      return point.minus(this.center).times(1 / this.radius);
    }
  }

  class Plane {
    constructor(normal, offset, material) {
      this.normal = normal;
      this.offset = offset;
      this.material = material;
    }

    hitDistance(ray) {
      const slope = this.normal.dot(ray.direction);
      if (slope > -SURFACE_OFFSET) return Infinity;
      const distance = (this.offset - this.normal.dot(ray.origin)) / slope;
      return distance > SURFACE_OFFSET ? distance : Infinity;
    }

    normalAt() {
      return this.normal;
    }
  }

  class Scene {
    constructor(shapes, lights, ambient) {
      this.shapes = shapes;
      this.lights = lights;
      this.ambient = ambient;
      this.raysCast = 0;
    }

    nearestHit(ray) {
      this.raysCast += 1;
      let nearest = null;
      let nearestDistance = Infinity;
      for (const shape of this.shapes) {
        const distance = shape.hitDistance(ray);
        if (distance < nearestDistance) {
          nearestDistance = distance;
          nearest = shape;
        }
      }
      return nearest === null ? null : { shape: nearest, distance: nearestDistance };
    }

    isShadowed(point, direction, lightDistance) {
      this.raysCast += 1;
      const ray = new Ray(point, direction);
      return this.shapes.some((shape) => shape.hitDistance(ray) < lightDistance);
    }

    trace(ray, reflectionsLeft) {
      const hit = this.nearestHit(ray);
      if (hit === null) return skyColor(ray.direction);
      const { material } = hit.shape;
      const surface = ray.at(hit.distance);
      const normal = hit.shape.normalAt(surface);
      const point = surface.plus(normal.times(SURFACE_OFFSET));
      const mirrored = ray.direction.reflectedAt(normal);

      let color = material.colorAt(surface).times(this.ambient);
      for (const light of this.lights) {
        const toLight = light.position.minus(point);
        const distance = toLight.length();
        const direction = toLight.times(1 / distance);
        const facing = normal.dot(direction);
        if (facing <= 0 || this.isShadowed(point, direction, distance)) continue;
        color = color.plus(material.colorAt(surface).filteredBy(light.color).times(facing));
        const glint = Math.max(0, mirrored.dot(direction));
        color = color.plus(light.color.times(material.shine * thirtySecondPower(glint)));
      }
      if (material.reflectivity > 0 && reflectionsLeft > 0) {
        const reflected = this.trace(new Ray(point, mirrored), reflectionsLeft - 1);
        color = color.times(1 - material.reflectivity).plus(reflected.times(material.reflectivity));
      }
      return color;
    }
  }

  function skyColor(direction) {
    const height = (direction.y + 1) / 2;
    return new Vector(0.9, 0.95, 1).times(1 - height).plus(new Vector(0.3, 0.5, 0.9).times(height));
  }

  function thirtySecondPower(value) {
    let power = value;
    for (let i = 0; i < 5; i++) power *= power;
    return power;
  }

  function buildScene() {
    const floor = new Checkered(new Vector(0.9, 0.9, 0.9), new Vector(0.1, 0.1, 0.15), 0.2);
    const shapes = [new Plane(new Vector(0, 1, 0), -1, floor)];
    for (let i = 0; i < 7; i++) {
      const center = new Vector((i - 3) * 1.3, -0.5 + (i % 3) * 0.6, 4 + (i % 2) * 1.7);
      const color = new Vector(0.3 + 0.1 * i, 0.9 - 0.1 * i, 0.4 + 0.2 * (i % 3));
      shapes.push(new Sphere(center, 0.5 + 0.1 * (i % 4), new Material(color, 0.15 * (i % 4), 0.5)));
    }
    const lights = [
      { position: new Vector(-5, 6, -2), color: new Vector(0.7, 0.7, 0.6) },
      { position: new Vector(6, 4, 0), color: new Vector(0.3, 0.3, 0.5) },
    ];
    return new Scene(shapes, lights, 0.15);
  }

  function run() {
    const scene = buildScene();
    const eye = new Vector(0, 0.7, -3);
    let hash = 2166136261;
    for (let row = 0; row < HEIGHT; row++) {
      for (let column = 0; column < WIDTH; column++) {
        const x = (column + 0.5 - WIDTH / 2) / HEIGHT;
        const y = (HEIGHT / 2 - row - 0.5) / HEIGHT;
        const color = scene.trace(new Ray(eye, new Vector(x, y, 1).normalized()), MAX_REFLECTIONS);
        for (const channel of [color.x, color.y, color.z]) {
          hash = Math.imul(hash ^ Math.min(255, Math.floor(channel * 256)), 16777619) >>> 0;
        }
      }
    }
    return `${hash.toString(16)}.${scene.raysCast}`;
  }

  return { name: 'raytrace', run, expected: '6fbc29da.9254' };
})();
